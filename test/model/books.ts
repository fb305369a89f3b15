import type { Delivery } from '../../domain/delivery/delivery.ts';
import { isAtProvider } from '../../domain/delivery/status-rank.ts';
import type { FailedRequest } from '../../domain/failed-requests/failed-request.ts';
import type { Taken } from './providers.ts';
import type { Trace } from './trace.ts';

/** On whose behalf a store is written to: which copy of which event. */
export type Copy = { readonly guid: string; readonly replayNo: number };

/**
 * What must hold at every moment, and what must hold once nothing moves any more. Judged from what the
 * providers took and what the tables hold.
 */
export function booksOf(stores: {
  readonly delivery: (guid: string) => Delivery | undefined;
  readonly row: (guid: string) => FailedRequest | undefined;
  readonly waiting: () => readonly string[];
  readonly trace: Trace;
  readonly judgesSuperseded: boolean;
}) {
  const taken = new Map<string, Taken[]>();
  const broken: string[] = [];
  const breaks = (sentence: string) => {
    if (broken.includes(sentence)) return;
    broken.push(sentence);
    stores.trace(() => `BROKEN: ${sentence}`);
  };
  const counts: Record<string, number> = {};
  const reach = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const atProviders = (guid: string): readonly Taken[] => taken.get(guid) ?? [];

  /** Recorded as certainly not sent. */
  const isDenied = (delivery: Delivery | undefined): boolean =>
    (delivery?.status === 'failed' || delivery?.status === 'expired') &&
    delivery.doubt === undefined;

  return {
    broken: () => broken,
    /** Counts something that runs should reach. */
    reach,
    reached: () => counts,
    breaks,
    atProviders,
    /** A provider took a message. */
    took: (message: Taken) => {
      taken.set(message.guid, [...(taken.get(message.guid) ?? []), message]);
      const messages = atProviders(message.guid);
      if (messages.length > 1) {
        const each = messages.map(({ provider, from }) => `${provider} from ${from}`);
        breaks(`${message.guid} was sent ${messages.length} times: ${each.join(', ')}`);
      }
      if (isDenied(stores.delivery(message.guid))) {
        breaks(`${message.guid} was recorded as certainly not sent, and then it was sent`);
      }
    },
    /** A delivery was written. `by` is the copy at work, if one is. */
    wrote: (before: Delivery | undefined, after: Delivery, by: Copy | undefined) => {
      if (after.status !== before?.status) reach(`delivery ${after.status}`);
      if (before?.lease && after.lease && before.lease.token !== after.lease.token) {
        reach('lease taken over');
      }
      if (isDenied(after) && atProviders(after.guid).length > 0) {
        breaks(`${after.guid} is recorded as certainly not sent, and its provider has it`);
      }
      const isSuperseded =
        stores.judgesSuperseded &&
        by !== undefined &&
        before !== undefined &&
        by.replayNo < before.replayNo;
      if (isSuperseded && !isAtProvider(after.status)) {
        breaks(
          `${after.guid}: a copy of replay ${by.replayNo} changed what replay ${before.replayNo} works on`,
        );
      }
    },
    /** A failed request was written. */
    wroteRow: (before: FailedRequest, after: FailedRequest, by: Copy | undefined) => {
      if (by !== undefined && by.replayNo < before.replays && after.status !== 'resolved') {
        breaks(
          `${after.guid}: a copy of replay ${by.replayNo} changed the row that replay ${before.replays} has`,
        );
      }
    },
    /** Nothing moves any more. */
    close: (accepted: ReadonlySet<string>) => {
      const waiting = stores.waiting();
      if (waiting.length > 0) breaks(`still on a queue: ${waiting.join(', ')}`);
      for (const guid of accepted) {
        const [delivery, row] = [stores.delivery(guid), stores.row(guid)];
        const isSent = delivery !== undefined && isAtProvider(delivery.status);
        const isThere = atProviders(guid).length > 0;
        if (isSent && !isThere)
          breaks(`${guid} is recorded as ${delivery.status}, and no provider has it`);
        if (!isSent && row === undefined) {
          breaks(
            `${guid} is lost: its delivery is ${delivery?.status ?? 'absent'}, and no failed request holds it`,
          );
        }
        if (!isSent && row !== undefined && row.status !== 'failed') {
          breaks(`${guid} is not sent, and its failed request is ${row.status}`);
        }
        if (!isSent && delivery !== undefined && !['failed', 'expired'].includes(delivery.status)) {
          breaks(`${guid} is a failed request, and its delivery is ${delivery.status}`);
        }
        if (isDenied(delivery) && isThere) {
          breaks(`${guid} is recorded as certainly not sent, and its provider has it`);
        }
      }
    },
  };
}
