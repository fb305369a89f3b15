import { by, errors, when } from '../rig/aws-calls.ts';
import { campaign } from '../rig/campaign.ts';
import type { AwsCall, Mishap, Rule } from '../rig/fault-proxy.ts';
import type { Rig } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

const DEATHS = 6;

const addition = (call: AwsCall): boolean =>
  by('totals', 'DYNAMODB')(call) && call.operation === 'UpdateItem';

/** Ends the thread in the middle of a batch: every second addition, before it arrives and after it was done by turns. */
function killing(rig: Rig): Rule {
  let deaths = 0;
  let seen = 0;
  return (call): Mishap | undefined => {
    if (!addition(call)) return undefined;
    seen += 1;
    if (seen % 2 === 0 || deaths >= DEATHS) return undefined;
    deaths += 1;
    const kind = deaths % 2 === 0 ? 'before' : 'after';
    return { kind, happens: () => rig.stack.kill('totals') };
  };
}

const invariant =
  'Every accepted event is sent, once, and the totals of each campaign are those of the table.';

/** That the totals are those of the table is looked at after every scenario. */
export const totals: readonly OnRig[] = [
  onRig({
    name: 'totals-killed-in-a-batch',
    invariant,
    happen: async (rig, messages) => {
      rig.proxy.meet(killing(rig));
      await rig.post(campaign(messages));
    },
    check: allSent,
  }),
  onRig({
    name: 'totals-answers-lost',
    invariant,
    happen: async (rig, messages) => {
      rig.proxy.meet(when(addition, { kind: 'cut-after' }, 2));
      await rig.post(campaign(messages));
    },
    check: allSent,
  }),
  onRig({
    name: 'totals-throttled',
    invariant,
    happen: async (rig, messages) => {
      let left = 20;
      const throttled = when(addition, errors.dynamoDbThrottled);
      rig.proxy.meet((call) => {
        if (left === 0) return undefined;
        const mishap = throttled(call);
        if (mishap) left -= 1;
        return mishap;
      });
      await rig.post(campaign(messages));
    },
    check: allSent,
  }),
];
