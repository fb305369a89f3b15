import { either, onQueue, when } from '../rig/aws-calls.ts';
import { campaign } from '../rig/campaign.ts';
import type { Rule } from '../rig/fault-proxy.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

const toOutbound = onQueue('outbound', 'SendMessage');
const toDlq = onQueue('outbound-dlq', 'SendMessage');

/** The first records wait longest: 4, 3, 2, 1, 0 seconds, over and over. */
function outOfOrder(): Rule {
  let seen = 0;
  return (call) => {
    if (!toOutbound(call)) return undefined;
    seen += 1;
    return { kind: 'changed', input: { ...call.input, DelaySeconds: 4 - (seen % 5) } };
  };
}

export const queue: readonly OnRig[] = [
  onRig({
    name: 'every-record-delivered-twice',
    invariant: 'Every accepted event is sent, once.',
    happen: async (rig, messages) => {
      rig.proxy.meet(either(when(toOutbound, { kind: 'twice' }), when(toDlq, { kind: 'twice' })));
      await rig.post(campaign(messages));
      await rig.drain();
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'records-out-of-order',
    invariant: 'Every accepted event is sent, once.',
    happen: async (rig, messages) => {
      rig.proxy.meet(outOfOrder());
      await rig.post(campaign(messages));
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'queue-answers-lost',
    invariant: 'Every accepted event is sent, once, though every third was put on the queue twice.',
    happen: async (rig, messages) => {
      rig.proxy.meet(when(toOutbound, { kind: 'cut-after' }, 3));
      await rig.post(campaign(messages), { again: 5 });
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
];

/** With a visibility of its own: records come back while they are being worked on. */
export const receivedElsewhere = onRig({
  name: 'record-received-while-being-sent',
  invariant:
    'Every accepted event is sent, once, though its record is given to other workers meanwhile.',
  settings: { provider_timeout: '5000' },
  happen: async (rig, messages) => {
    await rig.outside().setVisibility('outbound_queue', 1);
    rig.providers({ latencyMs: 2500 });
    await rig.post(campaign(messages));
  },
  check: allSent,
});
