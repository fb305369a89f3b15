import type { Fault } from '../../../local/simulators/fault.ts';
import type { Books } from '../rig/books.ts';
import { campaign } from '../rig/campaign.ts';
import { type Rig, until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

/**
 * Nothing hangs here, and what is only slow is waited for: a send that waits for its own callbacks, and a
 * report to CI360. Given up, sends would pile up as connections in front of the simulated provider, which
 * would take them up after it was asked about them.
 */
const settings = { provider_timeout: '10000', lease_seconds: '18', in_doubt_grace: '12' };

/** The statuses that the local stage reports, by the names of its external events. */
const reportedNames = ['twilio_sent', 'twilio_delivered', 'scg_sent', 'scg_delivered'];

/** Each sent message's `sent` and `delivered` at CI360: once each, while the injector does not stumble. */
async function reportedOnce(books: Books, rig: Rig): Promise<string[]> {
  const times = new Map<string, number>();
  for (const { tenantId, body } of await rig.outside().reportedEvents()) {
    if (!reportedNames.includes(String(body.eventName))) continue;
    const id = `${tenantId}#${body.guid} ${body.eventName}`;
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  const expected = 2 * books.sent;
  const again = [...times.values()].filter((count) => count > 1).length;
  return [
    ...allSent(books),
    ...(times.size === expected ? [] : [`${times.size} of ${expected} statuses reported`]),
    // A report that broke off after CI360 had it is made again rather than not at all.
    ...(again === 0 || (await rig.stumbled('ci360-injector'))
      ? []
      : [`${again} statuses reported more than once`]),
  ];
}

/** Each message's last word in the table. */
async function delivered(rig: Rig, accepted: number): Promise<string[]> {
  const rows = (await rig.outside().deliveries()).filter(({ status }) => status === 'delivered');
  return rows.length === accepted ? [] : [`${rows.length} of ${accepted} recorded as delivered`];
}

const inMode = (callbacks: Fault['callbacks'], fault: Partial<Fault> = {}): OnRig =>
  onRig({
    name: `callbacks-${callbacks}`,
    invariant:
      'Every accepted event is sent, once; its last status stands, and CI360 hears of each status once.',
    settings,
    happen: async (rig, messages) => {
      rig.providers({ ...fault, callbacks });
      await rig.post(campaign(messages));
      await rig.drain();
      await rig.stack.simulators.idle(60_000);
    },
    check: async (books, rig) => [
      ...(await reportedOnce(books, rig)),
      ...(await delivered(rig, books.accepted)),
    ],
  });

export const callbacks: readonly OnRig[] = [
  inMode('before-answer'),
  inMode('twice'),
  inMode('reversed'),
  onRig({
    name: 'callbacks-never',
    invariant:
      'Every accepted event is sent, once, and stays recorded as sent; CI360 hears nothing.',
    settings,
    happen: async (rig, messages) => {
      await rig.post(campaign(messages));
    },
    check: async (books, rig) => {
      const { length } = await rig.outside().reportedEvents();
      return [...allSent(books), ...(length === 0 ? [] : [`${length} reports of nothing`])];
    },
  }),
  onRig({
    name: 'callbacks-settle-doubts',
    invariant:
      'What the provider accepted without saying so, and then reports, is recorded as delivered and not sent again.',
    settings,
    happen: async (rig, messages) => {
      rig.providers({ mode: 'accept-then-reset', callbacks: 'normal' });
      await rig.post(campaign(messages));
      await rig.drain();
      rig.providers({});
    },
    check: async (books, rig) => [
      ...(await reportedOnce(books, rig)),
      ...(await delivered(rig, books.accepted)),
    ],
  }),
  onRig({
    name: 'ci360-event-gateway-down',
    invariant: 'Every status reaches CI360 once it is back, once.',
    settings,
    happen: async (rig, messages) => {
      const { simulators } = rig.stack;
      simulators.setFault('ci360', { mode: 'status', status: 503 });
      rig.providers({ callbacks: 'normal' });
      await rig.post(campaign(messages));
      await until(() => simulators.inspection('ci360').size >= messages, 'refused reports');
      simulators.setFault('ci360', {});
    },
    check: async (books, rig) => [
      ...(await reportedOnce(books, rig)),
      ...(await delivered(rig, books.accepted)),
    ],
  }),
];
