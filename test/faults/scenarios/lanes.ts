import { errors, onQueue, when } from '../rig/aws-calls.ts';
import { campaign } from '../rig/campaign.ts';
import type { AwsCall } from '../rig/fault-proxy.ts';
import { until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

const everythingSent = 'Every accepted event is sent, once.';
const SENDER = '12345';
/** Fast, so that a scenario takes seconds. */
const settings = { sender_rates: JSON.stringify({ [SENDER]: 40 }) };
const paced = (messages: number) =>
  campaign(messages, { provider: 'twilio', header: `FROM:${SENDER};` });

const onSenders = ({ service, input }: AwsCall): boolean =>
  service === 'DYNAMODB' && String(input.TableName ?? '').endsWith('-senders');

/** Senders with a limit, whose messages wait in lanes. */
export const lanes: readonly OnRig[] = [
  onRig({
    name: 'pace-table-down',
    invariant: `${everythingSent} While the table of paces is down, messages of senders with a limit wait.`,
    settings,
    happen: async (rig, messages) => {
      let refused = 0;
      rig.proxy.meet((call) => {
        if (!onSenders(call)) return undefined;
        refused += 1;
        return errors.unavailable;
      });
      const before = rig.requests();
      await rig.post(paced(messages));
      await until(() => refused >= 20, 'refused reservations');
      if (rig.requests() > before) throw new Error('a message was sent without a slot');
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'lane-entry-unanswered',
    invariant: `${everythingSent} Every second batch that enters lanes does so twice or not at all.`,
    settings,
    happen: async (rig, messages) => {
      const entering = onQueue('outbound-lanes.fifo', 'SendMessageBatch');
      rig.proxy.meet(when(entering, { kind: 'cut-after' }, 2));
      await rig.post(paced(messages));
      await rig.drain();
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
];
