import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Emulator } from '../../local/emulators/emulator.ts';
import { itemBytes, itemSchema } from '../../local/emulators/item-size.ts';
import { closeServer, listen } from '../../local/emulators/listen.ts';
import type { AwsCall, Ledger } from './ledger.ts';
import type { TableReader } from './table-reader.ts';
import { indexBytes, writeUnits } from './write-units.ts';

const services: Readonly<Record<string, AwsCall['service']>> = {
  AmazonSQS: 'sqs',
  DynamoDB_20120810: 'dynamodb',
  secretsmanager: 'secretsmanager',
};

const inputSchema = z.looseObject({
  TableName: z.string().optional(),
  QueueUrl: z.string().optional(),
  SecretId: z.string().optional(),
  Key: itemSchema.optional(),
  Item: itemSchema.optional(),
  RequestItems: z.record(z.string(), z.unknown()).optional(),
});
type Input = z.infer<typeof inputSchema>;

const consumed = z.object({ CapacityUnits: z.number() });
const outputSchema = z.looseObject({
  /** A batch has one for each of its tables. */
  ConsumedCapacity: z.union([consumed, z.array(consumed)]).optional(),
});
type Output = z.infer<typeof outputSchema>;

type Answer = { readonly status: number; readonly output: Output };
/** Sends the request on, with this input. */
type Forward = (input: Input) => Promise<Answer>;
type Units = Pick<AwsCall, 'writeUnits' | 'readUnits' | 'itemBytes' | 'indexBytes'>;
const none: Units = { writeUnits: 0, readUnits: 0, itemBytes: 0, indexBytes: 0 };

/**
 * Stands before an AWS emulator and writes every call into the ledger, with what DynamoDB would bill
 * for it. Writes to one key must not overlap: the item is looked at before and after each.
 */
export async function startCountingProxy(
  target: string,
  ledger: Ledger,
  tables?: TableReader,
): Promise<Emulator> {
  const server = createServer(async (request, response) => {
    try {
      const action = String(request.headers['x-amz-target']);
      const input = inputSchema.parse(JSON.parse(await text(request)));
      const [prefix = '', operation = ''] = action.split('.');
      const service = services[prefix];
      if (service === undefined) throw new Error(`The proxy does not know ${action}.`);

      const forward: Forward = async (sent) => {
        const answer = await fetch(new URL(request.url ?? '/', target), {
          method: 'POST',
          headers: {
            'x-amz-target': action,
            'content-type': request.headers['content-type'] ?? 'application/json',
            authorization: request.headers.authorization ?? '',
            'x-amz-date': String(request.headers['x-amz-date']),
          },
          body: JSON.stringify(sent),
        });
        const body = await answer.text();
        return {
          status: answer.status,
          output: outputSchema.parse(body === '' ? {} : JSON.parse(body)),
        };
      };
      const { answer, units } = tables
        ? await throughTables(operation, input, forward, tables)
        : { answer: await forward(input), units: none };
      ledger.add({
        service,
        operation,
        resource: resourceOf(input),
        ...units,
        succeeded: answer.status < 300,
      });
      response
        .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(answer.output));
    } catch (error) {
      response.writeHead(502).end(JSON.stringify({ __type: 'Proxy', message: String(error) }));
    }
  });
  const url = await listen(server, 0);
  return { url, close: () => closeServer(server) };
}

const resourceOf = ({ TableName, QueueUrl, SecretId, RequestItems = {} }: Input): string =>
  TableName ?? QueueUrl?.split('/').at(-1) ?? SecretId ?? Object.keys(RequestItems).join(' ');

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);
const reads = new Set(['GetItem', 'Query', 'Scan', 'BatchGetItem']);

async function throughTables(
  operation: string,
  input: Input,
  forward: Forward,
  tables: TableReader,
): Promise<{ answer: Answer; units: Units }> {
  const { TableName: table, Key, Item } = input;
  if (table !== undefined && writes.has(operation)) {
    const shape = await tables.shapeOf(table);
    const attribute = (Key ?? Item)?.[shape.key[0] ?? ''];
    const key = attribute && 'S' in attribute ? attribute.S : '';
    const before = await tables.get(table, key);
    const answer = await forward(input);
    const after = answer.status < 300 ? await tables.get(table, key) : before;
    const kept = after ? { itemBytes: itemBytes(after), indexBytes: indexBytes(shape, after) } : {};
    return { answer, units: { ...none, writeUnits: writeUnits(shape, before, after), ...kept } };
  }
  if (!reads.has(operation)) return { answer: await forward(input), units: none };
  const { status, output } = await forward({ ...input, ReturnConsumedCapacity: 'TOTAL' });
  const { ConsumedCapacity, ...seen } = output;
  return {
    answer: { status, output: seen },
    units: {
      ...none,
      readUnits: [ConsumedCapacity ?? []].flat().reduce((sum, each) => sum + each.CapacityUnits, 0),
    },
  };
}
