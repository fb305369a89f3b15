import { isClaim, isSettledSent, when } from '../rig/aws-calls.ts';
import { campaign } from '../rig/campaign.ts';
import type { AwsCall, Mishap, Rule } from '../rig/fault-proxy.ts';
import type { Rig } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

/** How often the worker dies. Each death takes every message along that its thread is working on. */
const DEATHS = 3;

/** Kills the worker's thread at every 7th such call until it has died often enough. */
function killing(rig: Rig, fits: (call: AwsCall) => boolean, moment: 'before' | 'after'): Rule {
  let deaths = 0;
  const kill: Mishap = {
    kind: moment,
    happens: () => {
      deaths += 1;
      return rig.stack.kill('worker');
    },
  };
  const rule = when(fits, kill, 7);
  return (call) => (deaths < DEATHS ? rule(call) : undefined);
}

const killed = (
  name: string,
  moment: 'before' | 'after',
  fits: (call: AwsCall) => boolean,
): OnRig =>
  onRig({
    name: `worker-killed-${name}`,
    invariant: 'Every accepted event is sent, once.',
    happen: async (rig, messages) => {
      rig.proxy.meet(killing(rig, fits, moment));
      await rig.post(campaign(messages));
    },
    check: allSent,
  });

/** A worker's thread is ended from outside while a call of it to a table passes by. */
export const workerKilled: readonly OnRig[] = [
  killed('before-claim', 'before', isClaim),
  killed('after-claim', 'after', isClaim),
  // The settling write never arrives: the provider's answer is known to nobody.
  killed('before-settle', 'before', isSettledSent),
  killed('before-delete', 'after', isSettledSent),
];
