import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtProvider } from '../../../domain/delivery/status-rank.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { type Mishap, type Script, type Treatment, world } from './delivery-simulation.ts';

const treatment = fc.constantFrom<Treatment>(
  'ok',
  'accept-then-reset',
  'reset',
  'throttle',
  'unavailable',
  'refuse',
  'hang',
);
const mishap = fc.constantFrom<Mishap>('none', 'none', 'killed-before', 'killed-after', 'down');
const script: fc.Arbitrary<Script> = fc.record({
  treatments: fc.array(treatment, { maxLength: 12 }),
  mishaps: fc.array(mishap, { maxLength: 60 }),
  lookUps: fc.array(fc.boolean(), { maxLength: 8 }),
  leaves: fc.array(fc.constantFrom('send', 'hold', 'hold', 'stop'), { maxLength: 6 }),
});
const request = aMessageRequest();
const replay = { ...request, replay: { id: 'replay-1', no: 1, ignoreTtl: false } };

/** What is on record of the one message, and what the provider has. */
function books(w: ReturnType<typeof world>) {
  const status = w.table.get(`${request.tenantId}#${request.guid}`)?.status;
  return {
    atProvider: w.accepted.length,
    sent: status !== undefined && isAtProvider(status),
    failed: w.failedRows.get(request.guid)?.status === 'failed',
    resolved: w.failedRows.get(request.guid)?.status === 'resolved',
  };
}

describe('whatever a provider answers and wherever a worker dies', () => {
  it('a message is sent at most once and ends in exactly one recorded outcome', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 3 }), async (steps, copies) => {
        const w = world(steps);
        for (let copy = 0; copy < copies; copy += 1) w.enqueue(request);

        expect(await w.drain()).toBe(true);

        const { atProvider, sent, failed } = books(w);
        expect(atProvider).toBeLessThanOrEqual(1);
        expect([sent, failed]).toContain(true);
        expect(sent && failed).toBe(false);
        // What ended as failed with the provider's yes is only ever one that could not be asked about.
        if (failed && atProvider === 1) {
          expect(w.failedRows.get(request.guid)?.errorClass).toBe('unknown');
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a replay of what failed neither repeats nor loses it', async () => {
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 2 }), async (steps, copies) => {
        const w = await replayed(steps, copies);

        const { atProvider, sent, failed, resolved } = books(w);
        expect(atProvider).toBeLessThanOrEqual(1);
        expect({ failed, resolved }).toEqual({ failed: !sent, resolved: sent });
      }),
      { numRuns: 2000 },
    );
  });

  it('a replay sends what nothing stands in the way of', async () => {
    const w = await replayed({ treatments: [], mishaps: [], lookUps: [] }, 1);

    expect(books(w)).toEqual({ atProvider: 1, sent: true, failed: false, resolved: true });
  });
});

/** A message that was refused, then replayed under the script, with a late copy of the first one. */
async function replayed(steps: Script, copies: number) {
  const w = world({ ...steps, treatments: ['refuse', ...steps.treatments], mishaps: [] });
  w.enqueue(request);
  expect(await w.drain()).toBe(true);
  const row = w.failedRows.get(request.guid);
  if (row === undefined) throw new Error('the refused message was not kept');

  w.failedRows.set(row.guid, { ...row, status: 'replaying', replays: 1, replayId: 'replay-1' });
  w.meet(steps.mishaps);
  for (let copy = 0; copy < copies; copy += 1) w.enqueue(replay);
  w.enqueue(request);
  expect(await w.drain()).toBe(true);
  return w;
}
