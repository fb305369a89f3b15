import { round, type Table } from '../table.ts';
import type { Step } from './measure-calls.ts';
import { stepPlans } from './steps.ts';

/** AWS calls and DynamoDB units, step by step. */
export const callsTable = (steps: readonly Step[]): Table => ({
  name: 'calls',
  title: 'AWS calls for each message',
  about: [
    'Counted at a proxy between the functions and AWS: the real functions, warm, in batches of ten. Write units are what DynamoDB bills: items measured by its rule, indexes included; up to 1,024 bytes a write is one unit. An instance reads secrets once in `secret_cache_ttl`, and which campaigns of a tenant are held or stopped once in five seconds (one query, one read unit). What Lambda calls to feed a queue (a receive and a delete for each batch) is not here but in the costs.',
  ],
  columns: ['step', 'calls', 'SQS', 'writes', 'write units', 'reads', 'read units', 'items, bytes'],
  rows: steps.map((step) => [
    stepPlans[step.name].label,
    ...[step.calls, step.queue, step.writes, step.writeUnits, step.reads, step.readUnits].map(
      (count) => round(count, 2),
    ),
    step.items.map(({ table, bytes }) => `${table} ${bytes.toLocaleString('en-US')}`).join(', '),
  ]),
});
