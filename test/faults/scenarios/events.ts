import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { DAY, HOUR, MINUTE } from '../../../domain/clock.ts';
import { onQueue, when } from '../rig/aws-calls.ts';
import { failures } from '../rig/books.ts';
import { campaign } from '../rig/campaign.ts';
import { type Rig, until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

const postedTwice = onRig({
  name: 'posted-twice-and-an-hour-later',
  invariant: 'Every accepted event is sent, once, however often CI360 posts it.',
  happen: async (rig, messages) => {
    const events = campaign(messages);
    await rig.post(events.flatMap((event) => [event, event]));
    await rig.drain();
    await rig.turnClocks(HOUR);
    await Promise.all(['ingress', 'worker'].map(rig.stack.kill));
    await rig.post(events);
  },
  check: allSent,
});

const tooOld = onRig({
  name: 'outlives-event-ttl',
  invariant:
    'What was certainly not accepted and has grown too old is kept as expired, and not sent.',
  happen: async (rig, messages) => {
    const before = rig.requests();
    rig.providers({ mode: 'status', status: 429, on: 'sends' });
    await rig.post(campaign(messages));
    await until(() => rig.requests() - before >= messages, 'attempts');
    await rig.turnClocks(DAY + MINUTE);
    await rig.drain();
    rig.providers({});
  },
  check: ({ accepted, expired, sent }) =>
    expired === accepted && sent === 0 ? [] : [`${expired} of ${accepted} expired, ${sent} sent`],
});

const skewed = (name: string, offsetMs: number): OnRig =>
  onRig({
    name,
    invariant:
      'Every accepted event is sent, once: attempts in doubt are found though the clocks of CI360 and the provider are others.',
    happen: async (rig, messages) => {
      await rig.turnClocks(offsetMs);
      await Promise.all(['ingress', 'worker'].map(rig.stack.kill));
      rig.providers({ mode: 'accept-then-reset', rate: 0.3 });
      await rig.post(campaign(messages));
      await rig.drain();
      rig.providers({});
    },
    check: allSent,
  });

/** Records that are no message requests: no JSON, no object, of another version, of no known provider, empty fields. */
const poison = [
  'not JSON',
  '[]',
  '"text"',
  '{}',
  '{"v":2,"guid":"g","tenantId":"tenant-a"}',
  '{"v":1,"guid":"","tenantId":"tenant-a","provider":"post"}',
  '{"__proto__":{"v":1}}',
  'null',
];

async function sendPoison(rig: Rig, count: number): Promise<void> {
  for (let at = 0; at < count; at += 10) {
    const entries = Array.from({ length: Math.min(10, count - at) }, (_, index) => ({
      Id: String(index),
      MessageBody: poison[(at + index) % poison.length] ?? '{}',
    }));
    const QueueUrl = rig.outside().queueUrl('outbound_queue');
    await rig.outside().sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: entries }));
  }
}

const poisoned = onRig({
  name: 'poison-one-in-ten',
  invariant:
    'Every accepted event is sent, once; every poison record is kept with its reason, once.',
  happen: async (rig, messages) => {
    // The worker may die between handing over and deleting: the record is handed over again.
    rig.proxy.meet(when(onQueue('outbound-dlq', 'SendMessage'), { kind: 'twice' }));
    await Promise.all([rig.post(campaign(messages)), sendPoison(rig, poisonOf(messages))]);
  },
  check: async (books, rig) => {
    const kept = (await rig.outside().failedRequests()).filter(
      ({ error_class }) => error_class === 'poison',
    );
    const expected = poisonOf(books.accepted);
    return [
      ...allSent(books),
      ...(kept.length === expected ? [] : [`${kept.length} of ${expected} poison records kept`]),
    ];
  },
});
const poisonOf = (messages: number): number => Math.ceil(messages / 10);

const refused = onRig({
  name: 'recipients-refused',
  invariant: 'What the provider refuses is kept as failed with its reason, once.',
  happen: async (rig, messages) => {
    await rig.post(campaign(messages, { behaviour: 'invalid' }));
  },
  check: (books) =>
    failures(books) === books.accepted ? [] : [`${failures(books)} of ${books.accepted} failed`],
});

/** They turn clocks or leave rows behind, so each has a stack of its own. */
export const events: readonly OnRig[] = [
  postedTwice,
  tooOld,
  skewed('clock-10-minutes-ahead', 10 * MINUTE),
  skewed('clock-10-minutes-behind', -10 * MINUTE),
  poisoned,
  refused,
];
