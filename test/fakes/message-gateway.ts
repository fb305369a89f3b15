import type { LookUp, Outcome } from '../../domain/delivery/outcome.ts';
import type { MessageGateway } from '../../domain/delivery/ports.ts';
import type { Failure } from '../../domain/failure.ts';
import { deliveryIdOf, type MessageRequest } from '../../domain/outbound/message-request.ts';

/** What a provider does with every request from now on. */
export type Treatment =
  | 'ok'
  | 'throttle'
  /** Answers 500, and has not taken the message. */
  | 'fail'
  /** Breaks the connection, and has not taken the message. */
  | 'reset'
  /** Takes the message and breaks the connection. */
  | 'accept-then-reset'
  /** Takes the message and never answers. */
  | 'accept-then-hang'
  /** Nobody listens. */
  | 'gone';

const failure = (failureClass: Failure['class'], code: string): Failure => ({
  class: failureClass,
  code,
  message: 'The fake says so.',
});

/**
 * A provider in memory. Refuses the secret `{}`, and recipients that end in 81 as invalid, as the
 * simulators do.
 */
export function fakeMessageGateway() {
  const accepted: { id: string; request: MessageRequest }[] = [];
  let treatment: Treatment = 'ok';
  let onAccepted = () => {};

  const accept = (request: MessageRequest): string => {
    const id = `message-${accepted.length + 1}`;
    accepted.push({ id, request });
    onAccepted();
    return id;
  };
  const unauthorized = failure('config', 'unauthorized');

  const gateway: MessageGateway = {
    send: async (request, secret, signal): Promise<Outcome> => {
      if (treatment === 'gone' || signal.aborted) {
        return { kind: 'transient', failure: failure('transient', 'provider-unreachable') };
      }
      if (Object.keys(secret).length === 0) {
        return {
          kind: 'rejected',
          failure: { ...unauthorized, class: 'config' },
          authentication: true,
        };
      }
      const unknown: Outcome = { kind: 'unknown', failure: failure('unknown', 'no-answer') };
      switch (treatment) {
        case 'throttle':
          return {
            kind: 'throttled',
            failure: failure('transient', 'throttled'),
            retryAfterSeconds: 7,
          };
        case 'fail':
        case 'reset':
          return unknown;
        case 'accept-then-reset':
          accept(request);
          return unknown;
        case 'accept-then-hang': {
          const aborted = new Promise<Outcome>((resolve) =>
            signal.addEventListener('abort', () => resolve(unknown), { once: true }),
          );
          accept(request);
          return aborted;
        }
        case 'ok':
          if (request.to.endsWith('81')) {
            return {
              kind: 'rejected',
              failure: { ...failure('permanent', 'invalid'), class: 'permanent' },
            };
          }
          return { kind: 'accepted', providerMessageId: accept(request) };
      }
    },
    lookUp: async (request, secret): Promise<LookUp> => {
      if (treatment === 'ok' && Object.keys(secret).length === 0) {
        return { kind: 'unavailable', failure: unauthorized, authentication: true };
      }
      if (treatment !== 'ok') {
        return { kind: 'unavailable', failure: failure('unknown', 'no-answer') };
      }
      const found = accepted.find((one) => deliveryIdOf(one.request) === deliveryIdOf(request));
      return found ? { kind: 'accepted', providerMessageId: found.id } : { kind: 'absent' };
    },
  };
  return {
    ...gateway,
    /** What it took, in order, whether its answer arrived or not. */
    accepted: (): readonly { id: string; request: MessageRequest }[] => accepted,
    treat: (next: Treatment) => {
      treatment = next;
    },
    whenAccepted: (): Promise<void> =>
      new Promise((resolve) => {
        onAccepted = resolve;
      }),
  };
}
