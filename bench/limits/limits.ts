import { readServerlessFile } from '../serverless-file.ts';
import { round, significant, type Table } from '../table.ts';
import { type Setting, simulate } from './simulate.ts';

/** A batch on Lambda with 512 MB: its own work and the tables, and a provider that takes 150 ms. */
const BATCH_SECONDS = 0.25;
/** How fast a campaign is posted over CI360's two routes: more than the worker takes. */
const POSTED_PER_SECOND = 5000;

const shared = () => {
  const { params } = readServerlessFile();
  const number = (name: string) => Number(params.default[name]);
  return {
    isFair: true,
    maximumConcurrency: number('worker_maximum_concurrency'),
    batchSize: number('worker_batch_size'),
    batchSeconds: BATCH_SECONDS,
    backoff: {
      baseSeconds: number('retry_base_seconds'),
      maxSeconds: number('retry_max_seconds'),
    },
    sendRetries: number('send_retries'),
  };
};

const campaign = (messages: number, startsAt = 0, perSecond = POSTED_PER_SECOND) => ({
  messages,
  startsAt,
  perSecond,
});

/** What the design reaches at default quotas, and who waits for whom: a simulation. */
export function limitsTables(): Table[] {
  const defaults = shared();
  const big = campaign(100_000);
  const small = campaign(100, 10, 10);
  const speeds: readonly (readonly [string, Setting])[] = [
    ...[defaults.maximumConcurrency, 250, 1000].map(
      (maximumConcurrency) =>
        [
          `no limit of the provider, worker_maximum_concurrency ${maximumConcurrency}`,
          { ...defaults, maximumConcurrency, campaigns: [big] },
        ] as const,
    ),
    [
      'a sender that may send 500 a second',
      { ...defaults, campaigns: [big], senderPerSecond: 500 },
    ],
    [
      'a sender that may send 100 a second (a short code)',
      { ...defaults, campaigns: [big], senderPerSecond: 100 },
    ],
    [
      'a sender that may send 1 a second (a US long code), 1,000 messages',
      { ...defaults, campaigns: [campaign(1000)], senderPerSecond: 1 },
    ],
    [
      'ten tenants, 100 a second each',
      {
        ...defaults,
        campaigns: Array.from({ length: 10 }, () => campaign(10_000, 0, 500)),
        senderPerSecond: 100,
      },
    ],
  ];
  const together = { ...defaults, campaigns: [big, small] };
  const neighbours: readonly (readonly [string, Setting])[] = [
    ['fair queue', together],
    ['plain queue', { ...together, isFair: false }],
    ['fair queue, senders of 100 a second', { ...together, senderPerSecond: 100 }],
    ['plain queue, senders of 100 a second', { ...together, isFair: false, senderPerSecond: 100 }],
  ];
  return [
    {
      name: 'limits',
      title: 'Limits on AWS (simulated)',
      about: [
        `A simulation, message by message: 100,000 messages posted at ${POSTED_PER_SECOND} a second, SQS, Lambda that begins with five batches and adds 300 a minute, batches of ${defaults.batchSize} that take ${BATCH_SECONDS * 1000} ms, and a provider that answers 429 to what is too much from one sender, which goes back to the queue for the backoff of the settings and is never repeated within an invocation; the decision is the worker's own code. Waits are from posted to sent.`,
      ],
      columns: [
        'case',
        'messages /s',
        'minutes',
        'p50 wait s',
        'p99 wait s',
        'calls a message',
        'instances',
      ],
      rows: speeds.map(([name, setting]) => {
        const { perSecond, seconds, waits, tries, mostConcurrent } = simulate(setting);
        return [
          name,
          significant(perSecond),
          round(seconds / 60, 1),
          significant(Math.max(...waits.map(({ p50 }) => p50))),
          significant(Math.max(...waits.map(({ p99 }) => p99))),
          round(tries, 2),
          mostConcurrent,
        ];
      }),
    },
    {
      name: 'fairness',
      title: 'Neighbours on one queue (simulated)',
      about: [
        "The same simulation: one tenant posts 100,000 messages at once, another 100 of its own in the ten seconds from the tenth. How long does the small one's message wait? The service sends every message with its tenant as message group, which makes a standard queue fair.",
      ],
      columns: ['queue', "small tenant's p50 wait s", 'p99 wait s', "large tenant's p99 wait s"],
      rows: neighbours.map(([name, setting]) => {
        const [large, little] = simulate(setting).waits;
        return [
          name,
          significant(little?.p50 ?? Number.NaN),
          significant(little?.p99 ?? Number.NaN),
          significant(large?.p99 ?? Number.NaN),
        ];
      }),
    },
  ];
}
