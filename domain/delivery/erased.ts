import type { Failure } from '../failure.ts';
import type { Delivery } from './delivery.ts';

/** Why a message of a person who was erased is not sent. */
export const erased: Failure = {
  class: 'stopped',
  code: 'erased',
  message: 'The person was erased on request before the message was sent.',
};

/** The delivery without what names the person or their text. It still says what became of the message. */
export function withoutPerson(delivery: Delivery): Delivery {
  const { recipient: _person, addressHash: _key, tried, lastError, ...rest } = delivery;
  return {
    ...rest,
    identityId: '',
    responseTrackingCode: '',
    ...(tried ? { tried: { ...tried, content: '' } } : {}),
    // A provider's own sentence may name a number.
    ...(lastError ? { lastError: { ...lastError, message: erased.message } } : {}),
  };
}

/** Whether nothing of the person is left in the delivery. */
export const isWithoutPerson = (delivery: Delivery): boolean => {
  const { recipient, addressHash, identityId, responseTrackingCode } = delivery;
  return (recipient ?? addressHash ?? '') + identityId + responseTrackingCode === '';
};

/** The delivery of a message that is not sent, because the person was erased. */
export function erasedDelivery(delivery: Delivery): Delivery {
  const { held: _over, nextTryAt: _none, doubt: _resolved, ...rest } = delivery;
  return { ...withoutPerson(rest), status: 'failed', lastError: erased };
}

/** Whether a worker has the message in its hands, or will ask the provider whether it was sent. */
export const isInFlight = ({ lease, status }: Delivery, now: number): boolean =>
  status === 'unknown' || (lease !== undefined && lease.until > now);
