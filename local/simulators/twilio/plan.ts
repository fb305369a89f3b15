import type { Behaviour } from '../magic-numbers.ts';
import type { Step } from './message.ts';
import { channelOf } from './validate.ts';

/** The states a message to this recipient goes through after the first. */
export function planOf(
  behaviour: Behaviour,
  to: string,
  { viaService, mayWrite }: { readonly viaService: boolean; readonly mayWrite: boolean },
): Step[] {
  const start = viaService ? [{ status: 'queued' }] : [];
  if (!mayWrite) return [...start, { status: 'failed', errorCode: 21610 }];
  const sent = { status: 'sent' };
  const delivered = { status: 'delivered' };
  switch (behaviour) {
    case 'reads':
      return channelOf(to)
        ? [...start, sent, delivered, { status: 'read' }]
        : [...start, sent, delivered];
    case 'unreachable':
      return [...start, sent, { status: 'undelivered', errorCode: 30003 }];
    case 'filtered':
      return [...start, sent, { status: 'undelivered', errorCode: 30007 }];
    case 'unknown':
      return [...start, { status: 'failed', errorCode: 30005 }];
    default:
      return [...start, sent, delivered];
  }
}
