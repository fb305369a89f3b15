import type { Clock } from '../../domain/clock.ts';
import { BUILT_AT } from '../builders/message-request.ts';

/** A clock that stands still until it is moved. */
export type FakeClock = Clock & { readonly advance: (ms: number) => void };

export function fakeClock(now = BUILT_AT): FakeClock {
  let at = now;
  return Object.assign(() => at, {
    advance: (ms: number) => {
      at += ms;
    },
  });
}
