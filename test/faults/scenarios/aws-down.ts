import { errors, is, when } from '../rig/aws-calls.ts';
import { campaign } from '../rig/campaign.ts';
import type { Rule } from '../rig/fault-proxy.ts';
import { until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

/** Counts what a rule hits. */
function counted(rule: Rule) {
  let hits = 0;
  return {
    hits: () => hits,
    rule: (call: Parameters<Rule>[0]) => {
      const mishap = rule(call);
      if (mishap) hits += 1;
      return mishap;
    },
  };
}

const dynamoDb = is('DYNAMODB');
const secrets = is('SECRETS_MANAGER');
const everythingSent = 'Every accepted event is sent, once.';

export const awsDown: readonly OnRig[] = [
  onRig({
    name: 'dynamodb-throttled',
    invariant: everythingSent,
    happen: async (rig, messages) => {
      const all = counted(when(dynamoDb, errors.dynamoDbThrottled));
      rig.proxy.meet(all.rule);
      await rig.post(campaign(messages));
      await until(() => all.hits() >= messages, 'throttled calls');
      rig.proxy.meet(when(dynamoDb, errors.dynamoDbThrottled, 3));
      await rig.drain();
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'dynamodb-unavailable',
    invariant: everythingSent,
    happen: async (rig, messages) => {
      const events = campaign(messages);
      const half = Math.floor(messages / 2);
      await rig.post(events.slice(0, half));
      const down = counted(when(dynamoDb, errors.unavailable));
      rig.proxy.meet(down.rule);
      await rig.post(events.slice(half));
      await until(() => down.hits() >= messages, 'refused calls');
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'dynamodb-answers-lost',
    invariant: `${everythingSent} Every third write is done and its answer lost.`,
    happen: async (rig, messages) => {
      rig.proxy.meet(when(is('DYNAMODB', 'PutItem'), { kind: 'cut-after' }, 3));
      await rig.post(campaign(messages));
      await rig.drain();
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'secrets-manager-unavailable',
    invariant: `${everythingSent} Until keys can be checked nothing is accepted; CI360 is asked to come again.`,
    happen: async (rig, messages) => {
      const events = campaign(messages);
      const third = Math.floor(messages / 3);
      const down = counted(when(secrets, errors.unavailable));
      await Promise.all(['ingress', 'worker'].map(rig.stack.kill));
      rig.proxy.meet(down.rule);
      const early = rig.post(events.slice(0, third), { again: 200 });
      await until(() => down.hits() > 0, 'refused calls');
      rig.proxy.meet(undefined);
      await early;

      // Ingress knows the keys now; a worker that starts cold does not know the tenants' credentials.
      await rig.drain();
      await rig.stack.kill('worker');
      const again = counted(when(secrets, errors.unavailable));
      rig.proxy.meet(again.rule);
      await rig.post(events.slice(third));
      await until(() => again.hits() > 0, 'refused calls');
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
];
