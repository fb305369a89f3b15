import type { Fault } from '../../local/simulators/fault.ts';
import { startStack } from '../../local/stack.ts';
import { median } from '../measure/percentile.ts';
import { sideBySide } from '../measure/side-by-side.ts';
import { round, significant, type Table } from '../table.ts';
import { hostDirectConnector } from './host-direct-connector.ts';
import { type Load, type LoadResult, postEventsAtOnce } from './load.ts';

const CONNECTIONS = 10;
const brief: Load = { connections: CONNECTIONS, until: { seconds: 2 } };
/** A provider that does not answer is waited for until the connector gives up: once is enough. */
const oneEach: Load = { connections: CONNECTIONS, until: { requests: CONNECTIONS } };

const situations: readonly (readonly [string, Partial<Fault>, Load])[] = [
  ['answers at once', { latencyMs: 0 }, brief],
  ['takes 50 ms', { latencyMs: 50 }, brief],
  ['takes 150 ms', { latencyMs: 150 }, brief],
  ['takes 500 ms', { latencyMs: 500 }, brief],
  ['is down: resets connections', { latencyMs: 0, mode: 'reset' }, brief],
  ['is down: never answers', { latencyMs: 0, mode: 'hang' }, oneEach],
];

/** How long CI360 waits for an answer, against a connector that calls the provider first. */
export async function acknowledgementTable(rounds: number): Promise<Table> {
  // Nothing works on the queue meanwhile: on AWS that happens on other machines.
  const stack = await startStack({ eventSources: false });
  try {
    const direct = await hostDirectConnector(stack);
    try {
      const contestants = (load: Load) => ({
        ours: () => postEventsAtOnce(stack.url, load),
        direct: () => postEventsAtOnce(direct.url, load),
      });
      // The first requests load and connect.
      stack.simulators.setFault('twilio', { latencyMs: 0, callbacks: 'never' });
      await sideBySide(contestants(brief), 1);
      const rows = [];
      for (const [name, fault, load] of situations) {
        stack.simulators.setFault('twilio', { callbacks: 'never', ...fault });
        const results = await sideBySide(contestants(load), load === brief ? rounds : 1);
        rows.push([name, ...cells(results.get('ours') ?? [], results.get('direct') ?? [])]);
      }
      return { ...heading(rounds), rows };
    } finally {
      await direct.close();
    }
  } finally {
    await stack.close();
  }
}

function cells(ours: readonly LoadResult[], direct: readonly LoadResult[]) {
  const of = (results: readonly LoadResult[]) => ({
    p50: median(results.map(({ p50 }) => p50)),
    p99: median(results.map(({ p99 }) => p99)),
    accepted: `${round(100 * median(results.map(({ accepted }) => accepted)), 1)} %`,
  });
  const us = of(ours);
  const them = of(direct);
  return [
    significant(us.p50),
    significant(us.p99),
    us.accepted,
    significant(them.p50),
    significant(them.p99),
    them.accepted,
    significant(them.p50 / us.p50, 2),
  ];
}

const heading = (rounds: number): Omit<Table, 'rows'> => ({
  name: 'ack',
  title: 'Acknowledgement',
  about: [
    `Milliseconds until \`POST /twilio/messages\` is answered, ${CONNECTIONS} requests at once, against a connector that calls the provider inside the request (\`bench/direct-connector.ts\`, run in the same way); median of ${rounds} turns. What the direct connector does not answer with 2xx is lost, or left to CI360 to repeat.`,
  ],
  columns: [
    'the provider',
    'p50',
    'p99',
    'accepted',
    'direct p50',
    'direct p99',
    'direct accepted',
    'p50 ratio',
  ],
});
