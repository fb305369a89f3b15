import { describe, expect, it } from 'vitest';
import type { Deliveries } from '../../domain/delivery/ports.ts';
import type { RefusalRules } from '../../domain/opt-outs/opt-out.ts';
import type { OptOuts } from '../../domain/opt-outs/ports.ts';
import type { VerdictFacts } from '../../domain/replay/ports.ts';
import { aDelivery } from '../builders/delivery.ts';
import { fakeClock } from '../fakes/clock.ts';

/** What every reader of the facts behind verdicts does, over stores of deliveries and opt-outs. */
export function verdictFactsContract(
  name: string,
  make: (
    rules: RefusalRules,
  ) => Promise<{ facts: VerdictFacts; deliveries: Deliveries; optOuts: OptOuts }>,
) {
  const clock = fakeClock();
  const rules = { refusalTtlSeconds: 60, clock };

  describe(`${name}, as VerdictFacts`, () => {
    it('gives the deliveries that there are, of more than a hundred asked for', async () => {
      const { facts, deliveries } = await make(rules);
      const guids = Array.from({ length: 150 }, (_, no) => `guid-${no}`);
      for (const guid of guids) await deliveries.insert(aDelivery({ guid }));
      const ids = [...guids, 'absent'].map((guid) => `tenant-a#${guid}`);
      const found = await facts.deliveries(ids);
      expect(found.size).toBe(150);
      expect(found.get('tenant-a#guid-149')).toEqual(aDelivery({ guid: 'guid-149' }));
      expect(await facts.deliveries([])).toEqual(new Map());
    });

    it('says of each person whether they opted out, in the order asked', async () => {
      const { facts, optOuts } = await make(rules);
      await optOuts.optOut('tenant-a', '+12025550123', 'STOP', 1000);
      await optOuts.optOut('tenant-a', '+12025550124', 'STOP', 1000);
      await optOuts.noteRefusal('tenant-a', '+12025550125', 'twilio:21610', clock() - 59_999);
      await optOuts.noteRefusal('tenant-a', '+12025550126', 'twilio:21610', clock() - 60_000);
      await optOuts.optIn('tenant-a', '+12025550124', 'START', 2000);
      const ask = (address: string, tenantId = 'tenant-a') => ({ tenantId, address });
      expect(
        await facts.optedOut([
          ask('+12025550124'),
          ask('+12025550123'),
          ask('+12025550123', 'tenant-b'),
          ask('+12025550123'),
          ask('+12025550125'),
          ask('+12025550126'),
        ]),
      ).toEqual([false, true, false, true, true, false]);
    });

    it('knows who opted out by either form of a number', async () => {
      const { facts, optOuts } = await make(rules);
      await optOuts.optOut('tenant-a', '+5215512345678', 'STOP', 1000);
      const asked = ['+525512345678', '+5215512345678', '+525512345679'];
      expect(
        await facts.optedOut(asked.map((address) => ({ tenantId: 'tenant-a', address }))),
      ).toEqual([true, true, false]);
    });
  });
}
