import type { CallbackMode } from './fault.ts';
import type { Behaviour } from './magic-numbers.ts';
import { type Answer, answer, type Simulator } from './simulator.ts';

/** What a send to this recipient meets instead of being accepted, if anything. */
export function beforeAcceptance(
  behaviour: Behaviour,
  isFirst: boolean,
  errorAnswer: Simulator['errorAnswer'],
): Answer | undefined {
  if (behaviour === 'throttled-always') return errorAnswer(429, undefined);
  if (!isFirst) return undefined;
  switch (behaviour) {
    case 'throttled-once':
      return errorAnswer(429, undefined);
    case 'unavailable-once':
      return errorAnswer(503, undefined);
    case 'bad-gateway-once':
      return answer(502, '<html><body><h1>502 Bad Gateway</h1></body></html>', {
        'content-type': 'text/html',
      });
    case 'hangs-once':
      return { kind: 'hang' };
    case 'resets-once':
      return { kind: 'reset' };
    default:
      return undefined;
  }
}

/** What the sender gets to see of a send that was accepted, if not the acceptance. */
export function afterAcceptance(
  behaviour: Behaviour,
  isFirst: boolean,
  errorAnswer: Simulator['errorAnswer'],
): Answer | undefined {
  if (!isFirst) return undefined;
  switch (behaviour) {
    case 'accepted-then-hangs':
      return { kind: 'hang' };
    case 'accepted-then-resets':
      return { kind: 'reset' };
    case 'accepted-then-500':
      return errorAnswer(500, undefined);
    default:
      return undefined;
  }
}

/** How the callbacks of a message to this recipient are sent: a fault that is set comes first. */
export function callbackModeOf(behaviour: Behaviour, fault: CallbackMode): CallbackMode {
  if (fault !== 'normal') return fault;
  if (behaviour === 'silent') return 'never';
  return behaviour === 'late' ? 'late' : 'normal';
}
