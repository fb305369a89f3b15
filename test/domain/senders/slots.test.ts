import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SECOND } from '../../../domain/clock.ts';
import { msPerUnit, reservation } from '../../../domain/senders/slots.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakePaces } from '../../fakes/paces.ts';

const key = { tenantId: 'tenant-a', sender: 'twilio/12345' };
const PER_SECOND = 50;

it('Slots of workers whose clocks differ by 30 seconds are never given twice, and never above the rate', async () => {
  const worker = fc.record({
    skewMs: fc.integer({ min: -30 * SECOND, max: 30 * SECOND }),
    /** Real ms since the reservation before. */
    afterMs: fc.integer({ min: 0, max: 3 * SECOND }),
    units: fc.integer({ min: 1, max: 10 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(worker, { maxLength: 60 }), async (calls) => {
      const paces = fakePaces();
      const slots: { from: number; to: number }[] = [];
      let real = BUILT_AT;
      for (const { skewMs, afterMs, units } of calls) {
        real += afterMs;
        const lengthMs = units * msPerUnit(PER_SECOND);
        const asked = reservation(real + skewMs, lengthMs, 70 * SECOND);
        const { begins } = await paces.reserve(key, 'send', asked);
        if (begins !== undefined) slots.push({ from: begins, to: begins + lengthMs });
      }
      slots.sort((a, b) => a.from - b.from);
      for (const [at, { from }] of slots.entries()) {
        expect(from).toBeGreaterThanOrEqual((slots[at - 1]?.to ?? 0) - 0.001);
      }
    }),
  );
});

it.each([0.5, 1, 3, 100, 500])('A second holds no more slots than the rate: %d', (perSecond) => {
  expect(SECOND / msPerUnit(perSecond)).toBeLessThan(perSecond);
  expect(SECOND / msPerUnit(perSecond)).toBeGreaterThan(0.9 * perSecond);
});
