import * as z from 'zod';
import { controlStates } from '../../campaigns/control.ts';
import { count, time } from './fields.ts';

/** What an operator last said about a campaign, or about all of the tenant where that is stricter. */
export const controlAnswer = z
  .object({
    state: z.enum(controlStates),
    by: z
      .string()
      .nullable()
      .describe('Name of the key that held, resumed or stopped it; null if nobody ever did'),
    at: time.nullable(),
    reason: z.string(),
  })
  .meta({ id: 'Control' });

/** A campaign after it was held, resumed or stopped. */
export const controlledAnswer = z
  .object({
    tenantId: z.string(),
    taskId: z
      .string()
      .describe("As it was named: the task's id or its code; `*` for all of the tenant"),
    control: controlAnswer,
    held: z
      .object({ count, hasMore: z.boolean() })
      .describe(
        'How many of its messages are held, whatever the reason; with `hasMore`, at least so many',
      ),
    known: z.boolean().describe('Whether a message of it was ever seen: it may still begin'),
  })
  .meta({ id: 'ControlledCampaign' });
export type ControlledAnswer = z.output<typeof controlledAnswer>;
export type ControlAnswer = z.output<typeof controlAnswer>;
