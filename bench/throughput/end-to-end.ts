import { setTimeout as wait } from 'node:timers/promises';
import { messagesAtProviders } from '../../local/demo/outcomes.ts';
import { startStack } from '../../local/stack.ts';
import { postEventsAtOnce } from '../acknowledgement/load.ts';
import { round, significant, type Table } from '../table.ts';

const CONNECTIONS = 20;
const SAMPLE_MS = 50;
const sizes = [1000, 10_000, 100_000] as const;

/** Whole campaigns through the whole stack, up to this many events. */
export async function endToEndTable(largest: number): Promise<Table> {
  const rows = [];
  for (const size of new Set([...sizes.filter((each) => each < largest), largest])) {
    rows.push(await campaign(size));
  }
  return {
    name: 'end-to-end',
    title: 'Campaigns from end to end',
    about: [
      `CI360's events posted as fast as they are accepted, ${CONNECTIONS} at once, on the whole embedded stack: API, queue, tables, functions and provider share this machine, and the tables and queues are emulators in one process. It shows that the speed holds as the backlog grows, and not what AWS can do. The tenths are messages a second to the provider in the first and the last tenth of the campaign.`,
    ],
    columns: [
      'events',
      'accepted /s',
      'sent /s',
      'seconds',
      'largest backlog',
      'first tenth /s',
      'last tenth /s',
      'lost',
      'sent twice',
    ],
    rows,
  };
}

async function campaign(size: number) {
  const stack = await startStack();
  try {
    const { simulators } = stack;
    simulators.setFault('twilio', { callbacks: 'never' });
    // What was sent before the clock starts has loaded the functions.
    await postEventsAtOnce(stack.url, { connections: 1, until: { requests: 10 } });
    while (simulators.inspection('twilio').size < 10) await wait(SAMPLE_MS);
    const warmUps = simulators.twilio.messages().length;
    /** Requests are quick to count; a look-up or a second try is one too, so at the end messages count. */
    const sent = () => {
      const requests = simulators.inspection('twilio').size - warmUps;
      return requests < size ? requests : simulators.twilio.messages().length - warmUps;
    };

    const from = performance.now();
    const seconds = () => (performance.now() - from) / 1000;
    const posting = postEventsAtOnce(stack.url, {
      connections: CONNECTIONS,
      until: { requests: size },
    }).then((result) => ({ ...result, acceptedAt: seconds() }));
    let accepted: Awaited<typeof posting> | undefined;
    void posting.then((result) => {
      accepted = result;
    });
    const samples: { readonly at: number; readonly sent: number }[] = [];
    let last = 0;
    let stalledAt = seconds();
    while (sent() < size && seconds() - stalledAt < 60) {
      await wait(SAMPLE_MS);
      if (sent() > last) stalledAt = seconds();
      last = sent();
      samples.push({ at: seconds(), sent: last });
    }
    const { acceptedAt, perSecond } = accepted ?? (await posting);
    const whole = seconds();
    const distinct = messagesAtProviders(stack).size;
    const atAccepted = samples.findLast(({ at }) => at <= acceptedAt)?.sent ?? 0;
    const reached = (count: number) => samples.find((each) => each.sent >= count)?.at ?? whole;
    const tenth = size / 10;
    return [
      size,
      significant(perSecond),
      significant(size / whole),
      round(whole, 1),
      Math.max(0, size - atAccepted),
      significant(tenth / reached(tenth)),
      significant(tenth / Math.max(SAMPLE_MS / 1000, whole - reached(size - tenth))),
      size + warmUps - distinct,
      simulators.twilio.messages().length - distinct,
    ];
  } finally {
    await stack.close();
  }
}
