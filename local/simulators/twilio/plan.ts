import type { Behaviour } from '../magic-numbers.ts';
import type { Step } from './message.ts';
import { channelOf } from './validate.ts';

/** The states a message to this recipient goes through after the first. */
export function planOf(
  behaviour: Behaviour,
  to: string,
  {
    viaService,
    mayWrite,
    isOutsideWindow,
    disapproval,
  }: {
    readonly viaService: boolean;
    readonly mayWrite: boolean;
    /** Free text to a WhatsApp user who has not written for 24 hours. */
    readonly isOutsideWindow: boolean;
    readonly disapproval: number | undefined;
  },
): Step[] {
  const start = viaService ? [{ status: 'queued' }] : [];
  if (!mayWrite) return [...start, { status: 'failed', errorCode: 21610 }];
  if (isOutsideWindow) return [...start, { status: 'undelivered', errorCode: 63016 }];
  if (disapproval !== undefined) {
    return [...start, { status: 'undelivered', errorCode: disapproval }];
  }
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
    case 'rejected-later':
      return [...start, { status: 'failed', errorCode: 30008 }];
    case 'unknown':
      return [...start, { status: 'failed', errorCode: 30005 }];
    default:
      return [...start, sent, delivered];
  }
}
