import { newReplay, type Replay } from '../../domain/replay/replay.ts';
import { BUILT_AT } from './message-request.ts';

/** A replay of everything that failed for tenant-a, at ten a second. */
export function aReplay(overrides: Partial<Replay> = {}): Replay {
  return {
    ...newReplay({
      replayId: 'replay-1',
      selection: { tenantId: overrides.tenantId ?? 'tenant-a' },
      options: {
        rate: 10,
        canary: 0,
        maxFailureRate: 0.5,
        ignoreTtl: false,
        includePermanent: false,
        sendInDoubt: false,
        ignoreWindow: false,
      },
      startedBy: 'on-call',
      now: BUILT_AT,
      ttlSeconds: 7_776_000,
    }),
    ...overrides,
  };
}
