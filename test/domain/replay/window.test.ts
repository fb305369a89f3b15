import { describe, expect, it } from 'vitest';
import { resume } from '../../../domain/operator/control.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { recentFailures, sampled } from '../../../domain/replay/window.ts';
import { aReplay } from '../../builders/replay.ts';
import { someFailed, world } from './replay-setup.ts';

const options = {
  rate: 10,
  canary: 0,
  maxFailureRate: 0.5,
  ignoreTtl: false,
  includePermanent: false,
  sendInDoubt: false,
  ignoreWindow: false,
};
const limits = { sliceMs: 10_000 };
const numberOf = ({ guid }: MessageRequest) => Number(guid.slice(-6));

describe('the share of failures', () => {
  it('is that of the latest outcomes, however many came before', () => {
    let samples = sampled([], { resolved: 0, failed: 0 });
    for (let resolved = 50; resolved <= 50_000; resolved += 50) {
      samples = sampled(samples, { resolved, failed: 0 });
    }
    expect(samples.length).toBeLessThanOrEqual(12);
    expect(recentFailures(samples, { resolved: 50_000, failed: 0 })).toBe(0);
    expect(recentFailures(samples, { resolved: 50_000, failed: 300 })).toBeGreaterThan(0.5);
  });

  it('is not judged by a few outcomes', () => {
    expect(recentFailures([{ resolved: 0, failed: 0 }], { resolved: 0, failed: 19 })).toBe(
      undefined,
    );
    expect(recentFailures([{ resolved: 0, failed: 0 }], { resolved: 0, failed: 20 })).toBe(1);
  });

  it('is not below nothing when another replay has taken failures over', () => {
    const samples = [{ resolved: 10, failed: 50 }];
    expect(recentFailures(samples, { resolved: 110, failed: 0 })).toBe(0);
  });
});

describe('a replay whose token dies', () => {
  const died = (good: number, count: number) =>
    world(someFailed(count), {
      limits,
      fate: (request) => (numberOf(request) < good ? 'sent' : 'fails'),
    });

  it('after many good ones stops within a few hundred', async () => {
    const w = died(3000, 5000);
    await w.begin(aReplay({ options }));
    await w.run();
    const replay = await w.replay();
    expect(replay.status).toBe('stopped');
    expect(replay.reason).toContain('of the latest outcomes are failures');
    expect(replay.requeued - 3000).toBeLessThan(600);
  });

  it('stops as soon again when it is resumed with nothing changed', async () => {
    const w = died(2000, 4000);
    await w.begin(aReplay({ options }));
    await w.run();
    const stopped = await w.replay();
    await resume(stopped, w.deps);
    await w.run();
    const again = await w.replay();
    expect(again.status).toBe('stopped');
    expect(again.requeued - stopped.requeued).toBeLessThan(600);
  });

  it('is not stopped for what failed before it was resumed', async () => {
    let fixed = false;
    const w = world(someFailed(3000), {
      limits,
      fate: (request) => (fixed || numberOf(request) < 1000 ? 'sent' : 'fails'),
    });
    await w.begin(aReplay({ options }));
    await w.run();
    fixed = true;
    await resume(await w.replay(), w.deps);
    await w.run();
    expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 3000 });
  });
});

describe('a canary', () => {
  it('that another replay has taken over is not held against this one', async () => {
    let taken = false;
    const w = world(someFailed(10), {
      fate: (request) => (numberOf(request) < 3 ? 'stays' : 'sent'),
    });
    await w.begin(
      aReplay({ options: { ...options, canary: 3, maxFailureRate: 0 }, phase: 'canary' }),
    );
    await w.run(async ({ next }) => {
      if (next !== 'await' || taken) return;
      taken = true;
      for (const row of w.failedRequests.all()) {
        if (row.status !== 'replaying') continue;
        await w.failedRequests.swap(row, {
          ...row,
          replayId: 'replay-2',
          replays: row.replays + 1,
        });
      }
    });
    expect(await w.replay()).toMatchObject({ status: 'completed', requeued: 10 });
    expect(w.sent).toHaveLength(7);
  });
});
