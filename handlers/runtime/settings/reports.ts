import * as z from 'zod';
import { eventAttributes } from '../../../domain/feedback/external-event.ts';
import { whole } from '../read-setting.ts';
import { jsonMap, text } from './shapes.ts';

/** Reporting external events to CI360. */
export const reportsShape = {
  /** Attributes of external events under other names: `{"responseTrackingCode":"rtc"}`. */
  event_attribute_names: jsonMap(z.string().min(1)),
  /** Attributes that external events have, with commas between: `externalCode,status`. Not set, all of them. */
  event_attributes: text
    .transform((written) =>
      written
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.enum(eventAttributes)))
    .transform((names): ReadonlySet<string> => new Set(names))
    .optional(),
  /**
   * External events a second to CI360, over all functions; 0 sets no limit. CI360 takes 700,000 requests in 5 minutes
   * from one source address.
   */
  ci360_max_rate: whole(0).default(4600),
  /** Invocations at once that report statuses, and replies: each gets its share of `ci360_max_rate`. */
  injector_maximum_concurrency: whole(2, 1000).default(140),
  replies_maximum_concurrency: whole(2, 1000).default(10),
  /** Seconds for which an external event is tried before it becomes a failed request. */
  event_give_up_after: whole(60).default(86_400),
  /** Seconds after which a message without a final status is looked up at the provider; 0 never does. */
  reconcile_after: whole().default(43_200),
} as const;
