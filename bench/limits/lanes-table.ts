import { readServerlessFile } from '../serverless-file.ts';
import { round, significant, type Table } from '../table.ts';
import { type LanesSetting, simulateLanes } from './lanes.ts';

/** Senders with a limit, from one a second on: how much of it is used, and at what cost. */
export function lanesTable(): Table {
  const { params } = readServerlessFile();
  const number = (name: string) => Number(params.default[name]);
  const base = {
    tenants: 1,
    start: 100,
    postedPerSecond: 5000,
    workers: number('worker_maximum_concurrency'),
    laneWorkers: number('lanes_maximum_concurrency'),
  };
  const at = (perSecond: number, messagesEach: number): LanesSetting => ({
    ...base,
    messagesEach,
    configured: perSecond,
    allowed: () => perSecond,
  });
  const rows: readonly (readonly [string, LanesSetting])[] = [
    ['1 a second (a US long code), 1,000 messages', at(1, 1000)],
    ['10 a second, 10,000 messages', at(10, 10_000)],
    ['100 a second (a short code), 100,000 messages', at(100, 100_000)],
    ['500 a second, 100,000 messages', at(500, 100_000)],
    ['ten tenants, 100 a second each, 10,000 messages each', { ...at(100, 10_000), tenants: 10 }],
    [
      '100 a second, halved after five minutes, 60,000 messages',
      { ...at(100, 60_000), allowed: (seconds) => (seconds < 300 ? 100 : 50) },
    ],
    [
      '400 a second, and no setting says so, 100,000 messages',
      { ...at(400, 100_000), configured: undefined },
    ],
  ];
  return {
    name: 'lanes',
    title: 'Senders with a limit, in lanes (simulated)',
    about: [
      'The same campaigns with the sender’s limit in `sender_rates`: messages wait in lanes and are sent in slots, by the rules of `domain/senders`. The provider answers 429 to what is too much. The share is of what it allowed from the first message posted to the last one sent; writes are of the table of senders.',
    ],
    columns: [
      'case',
      'share of the limit %',
      'calls a message',
      'receives a message',
      'writes a message',
      'most in flight',
      'most in lanes',
      'minutes',
    ],
    rows: rows.map(([name, setting]) => {
      const outcome = simulateLanes(setting);
      return [
        name,
        significant(100 * outcome.share),
        round(outcome.calls, 3),
        round(outcome.receives, 2),
        round(outcome.writes, 2),
        outcome.mostInFlight,
        outcome.mostInLanes,
        round(outcome.seconds / 60, 1),
      ];
    }),
  };
}
