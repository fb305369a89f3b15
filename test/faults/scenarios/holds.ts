import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '../../../domain/clock.ts';
import { by, either, is, when } from '../rig/aws-calls.ts';
import { campaign, tenants } from '../rig/campaign.ts';
import type { AwsCall, Rule } from '../rig/fault-proxy.ts';
import { operator } from '../rig/operator.ts';
import { type Rig, until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

/** By when a hold counts for every worker. */
const HEARD_AFTER = 10 * SECOND;
const DEATHS = 2;

/** Such a call of a function to the hold store. */
const onHeld =
  (caller: string, operation: string) =>
  (call: AwsCall): boolean =>
    by(caller, 'DYNAMODB')(call) &&
    is('DYNAMODB', operation)(call) &&
    JSON.stringify(call.input).includes('-held"');

/** Ends a function's thread at every third such call, until it has died often enough. */
function killing(
  rig: Rig,
  name: string,
  fits: (call: AwsCall) => boolean,
  moment: 'before' | 'after',
): Rule {
  let deaths = 0;
  const happens = () => {
    deaths += 1;
    return rig.stack.kill(name);
  };
  const rule = when(fits, { kind: moment, happens }, 3);
  return (call) => (deaths < DEATHS ? rule(call) : undefined);
}

const command = (rig: Rig, word: string) =>
  Promise.all(tenants.map((tenantId) => operator(rig.stack.url).control(tenantId, '*', word)));

const isReleased = async (rig: Rig): Promise<boolean> => {
  const shown = await Promise.all(tenants.map((id) => operator(rig.stack.url).controlled(id, '*')));
  return shown.every(({ releasing }) => !releasing);
};

export const holds: readonly OnRig[] = [
  onRig({
    name: 'hold-and-resume',
    invariant:
      'Nothing leaves while everything is on hold, and a resume sends exactly the rest, wherever a worker or a release dies.',
    happen: async (rig, messages) => {
      rig.proxy.meet(
        either(
          killing(rig, 'worker', onHeld('worker', 'PutItem'), 'before'),
          killing(rig, 'worker', onHeld('worker', 'PutItem'), 'after'),
          killing(rig, 'release', onHeld('release', 'BatchWriteItem'), 'before'),
          killing(rig, 'release', onHeld('release', 'BatchWriteItem'), 'after'),
        ),
      );
      const half = Math.floor(messages / 2);
      await rig.post(campaign(half));
      await command(rig, 'hold');
      await delay(HEARD_AFTER);
      const atProvider = async () => (await rig.outside().acceptedMessages()).length;
      const before = await atProvider();
      await rig.post(campaign(messages - half));
      await rig.drain();
      const left = (await atProvider()) - before;
      if (left > 0) throw new Error(`${left} messages left while everything was on hold`);
      await command(rig, 'resume');
      await until(() => isReleased(rig), 'the end of the release');
    },
    check: allSent,
  }),
];
