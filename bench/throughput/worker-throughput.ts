import { startStack } from '../../local/stack.ts';
import { median } from '../measure/percentile.ts';
import { sideBySide } from '../measure/side-by-side.ts';
import { round, significant, type Table } from '../table.ts';
import { type Speed, startWorkerInstance, type WorkerInstance } from './worker-instance.ts';

/** Records of a batch, and how many of them are worked on at once. The first is what the others are held against. */
const shapes: readonly (readonly [batch: number, atOnce: number])[] = [
  [10, 1],
  [10, 2],
  [10, 5],
  [10, 10],
  [50, 10],
  [50, 50],
];
const latencies = [0, 50, 150] as const;
const keyOf = ([batch, atOnce]: readonly [number, number]) => `${batch}/${atOnce}`;

/** Messages a second that one instance of the worker brings to the provider. */
export async function workerThroughputTable(rounds: number): Promise<Table> {
  const stack = await startStack({ eventSources: false });
  const instances = new Map<number, WorkerInstance>();
  try {
    stack.simulators.setFault('twilio', { latencyMs: 0, callbacks: 'never' });
    for (const atOnce of new Set(shapes.map(([, atOnce]) => atOnce))) {
      const instance = startWorkerInstance(stack, atOnce);
      instances.set(atOnce, instance);
      await instance.run(10);
    }
    const contestants = Object.fromEntries(
      shapes.map((shape) => [keyOf(shape), async () => instances.get(shape[1])?.run(shape[0])]),
    );
    const byLatency = new Map<number, ReadonlyMap<string, readonly (Speed | undefined)[]>>();
    for (const latencyMs of latencies) {
      stack.simulators.setFault('twilio', { latencyMs, callbacks: 'never' });
      byLatency.set(latencyMs, await sideBySide(contestants, rounds));
    }
    const middle = (latency: number, key: string, of: (speed: Speed) => number) =>
      median((byLatency.get(latency)?.get(key) ?? []).flatMap((each) => (each ? of(each) : [])));
    const perSecond = (latency: number, key: string) =>
      middle(latency, key, (speed) => speed.perSecond);
    const oneAtATime = perSecond(150, keyOf([10, 1]));
    return {
      ...heading(rounds),
      rows: shapes.map((shape) => {
        const key = keyOf(shape);
        return [
          shape[0],
          shape[1],
          ...latencies.map((latency) => significant(perSecond(latency, key))),
          round(
            middle(150, key, (speed) => speed.batchMs),
            0,
          ),
          significant(perSecond(150, key) / oneAtATime, 2),
        ];
      }),
    };
  } finally {
    await Promise.all([...instances.values()].map((instance) => instance.close()));
    await stack.close();
  }
}

const heading = (rounds: number): Omit<Table, 'rows'> => ({
  name: 'throughput',
  title: 'Throughput of a worker instance',
  about: [
    `Messages a second from one instance of the worker to a provider that takes 0, 50 or 150 ms; median of ${rounds} turns. A batch in whose records one waits for another is the first row; \`worker_concurrency\` is how many are worked on at once. Lambda adds instances up to \`worker_maximum_concurrency\`.`,
  ],
  columns: [
    'batch',
    'at once',
    '/s at 0 ms',
    '/s at 50 ms',
    '/s at 150 ms',
    'ms a batch at 150 ms',
    'against one at a time',
  ],
});
