import type { DeliveryAnswer } from '../../domain/operator/answers/deliveries.ts';
import type { StoryAnswer } from '../../domain/operator/answers/failed-requests.ts';

/** All that is known of one message: either may be missing, not both. */
export type Known = {
  readonly delivery: DeliveryAnswer | null;
  readonly failed: StoryAnswer | null;
};

/** One step of what happened; without a time where only its place in the order is known. */
export type Moment = { readonly at: string | null; readonly what: string };

const times = (count: number, what: string): string =>
  count === 1 ? `1 ${what}` : `${count} ${what}s`;

function ofDelivery(delivery: DeliveryAnswer): Moment[] {
  const { provider, attempts, held, inDoubt, sentAt, lastError, status, updatedAt } = delivery;
  return [
    { at: delivery.createdAt, what: 'A worker took it from the queue.' },
    ...(held === null ? [] : [{ at: held.since, what: `It is held (${held.reason}).` }]),
    ...(inDoubt === null
      ? []
      : [{ at: inDoubt.from, what: `An attempt may have been accepted by ${provider}.` }]),
    ...(sentAt === null
      ? []
      : [{ at: sentAt, what: `${provider} accepted it, at ${times(attempts, 'attempt')}.` }]),
    ...(lastError === null || sentAt !== null
      ? []
      : [{ at: null, what: `The last attempt failed: ${lastError.message}` }]),
    { at: updatedAt, what: `It became ${status}.` },
  ];
}

function ofFailure({ failedRequest: row, replay }: StoryAnswer): Moment[] {
  return [
    { at: row.failedAt, what: `It was kept as a failed request: ${row.message}` },
    ...(replay === null
      ? []
      : [{ at: replay.createdAt, what: `A replay took it, started by ${replay.startedBy}.` }]),
    ...(row.status === 'resolved' ? [{ at: null, what: 'It was sent after all.' }] : []),
  ];
}

/** What happened to a message, in the order of time; what has no time comes after what is before it. */
export function storyOf({ delivery, failed }: Known): readonly Moment[] {
  const moments = [
    ...(delivery === null ? [] : ofDelivery(delivery)),
    ...(failed === null ? [] : ofFailure(failed)),
  ];
  let last = '';
  return moments
    .map((moment) => {
      last = moment.at ?? last;
      return { moment, sortedBy: last };
    })
    .sort((a, b) => a.sortedBy.localeCompare(b.sortedBy))
    .map(({ moment }) => moment);
}
