import { readServerlessFile } from '../serverless-file.ts';
import { round, type Table } from '../table.ts';

/** Write units that one message takes of the table of deliveries: claimed, listed as open, settled. */
const UNITS_A_MESSAGE = 3;
/** Keys over which the index of open deliveries is spread (adapters/aws/open-deliveries.ts). */
const OPEN_SHARDS = 16;
/** What a batch takes on Lambda while the provider takes 150 ms, and a request to ingress, s. */
const BATCH_SECONDS = 0.25;
const INGRESS_SECONDS = 0.03;

/** What each part takes at AWS's default quotas, as messages a second. The least one counts. */
export function quotasTable(): Table {
  const { params } = readServerlessFile();
  const number = (name: string) => Number(params.default[name]);
  const worker = number('worker_maximum_concurrency') * number('worker_batch_size');
  const rows: readonly (readonly [string, string, number])[] = [
    ['API Gateway', `\`http_rate_limit\` ${number('http_rate_limit')}`, number('http_rate_limit')],
    ['ingress', '1,000 concurrent invocations in the account, 30 ms each', 1000 / INGRESS_SECONDS],
    [
      'worker',
      `\`worker_maximum_concurrency\` ${number('worker_maximum_concurrency')}, \`worker_batch_size\` ${number('worker_batch_size')}, ${BATCH_SECONDS * 1000} ms a batch`,
      worker / BATCH_SECONDS,
    ],
    [
      'DynamoDB, a new table of deliveries',
      `4,000 write units a second at first, twice its last peak later; ${UNITS_A_MESSAGE} a message`,
      4000 / UNITS_A_MESSAGE,
    ],
    [
      'DynamoDB, a table of deliveries that has grown',
      `40,000 write units a second for a table; ${UNITS_A_MESSAGE} a message`,
      40_000 / UNITS_A_MESSAGE,
    ],
    [
      'DynamoDB, the index of open deliveries',
      `1,000 write units a second for a key, ${OPEN_SHARDS} keys; 2 a message`,
      (OPEN_SHARDS * 1000) / 2,
    ],
    [
      'DynamoDB, the index of failed requests: failures of one tenant',
      '1,000 write units a second for a key, a tenant and a status; 1 a failure',
      1000,
    ],
    [
      'DynamoDB, the index of failed requests: replay for one tenant',
      'the same; 2 a request. `replay_max_rate` stays below it',
      1000 / 2,
    ],
    [
      'SQS',
      '120,000 messages in flight; batches of 10 in hand for 250 ms',
      120_000 / BATCH_SECONDS,
    ],
  ];
  return {
    name: 'quotas',
    title: 'What each part takes',
    about: [
      'Messages a second by arithmetic from the settings in serverless.yml and the default quotas of AWS. What a provider takes from one sender is nearly always less than any of them: Twilio sends 1 a second from a US long code and 100 from a short code, and queues the rest itself.',
    ],
    columns: ['part', 'limit', 'messages /s'],
    rows: rows.map(([part, limit, perSecond]) => [part, limit, round(perSecond, 0)]),
  };
}
