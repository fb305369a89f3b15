import {
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
let table: string;
beforeAll(async () => {
  tables = await startTables();
  table = await tables.create('ContactsTable');
});
afterAll(() => tables.close());

const KB = 1024;
const key = { tenant_id: 'tenant-a', item_id: 'contact#1' };
const put = (item: object) =>
  tables.client.send(new PutCommand({ TableName: table, Item: { ...key, ...item } }));
/** 19 bytes: the names and values of the key. */
const KEY_BYTES = 'tenant_id'.length + 'tenant-a'.length + 'item_id'.length + 'contact#1'.length;

const invalid = (message: string) => ({ name: 'ValidationException', message });
const hashKey = invalid(
  'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
);
const rangeKey = invalid(
  'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
);

describe('the DynamoDB emulator refuses what DynamoDB refuses', () => {
  it('an item of more than 400 KB, counted in bytes of UTF-8', async () => {
    const room = 400 * KB - KEY_BYTES - 'notes'.length;
    await put({ notes: 'é'.repeat(Math.floor(room / 2)) });
    const tooMuch = { notes: 'é'.repeat(Math.floor(room / 2) + 1) };
    await expect(put(tooMuch)).rejects.toMatchObject(
      invalid('Item size has exceeded the maximum allowed size'),
    );
    await expect(
      tables.client.send(
        new BatchWriteCommand({
          RequestItems: { [table]: [{ PutRequest: { Item: { ...key, ...tooMuch } } }] },
        }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(
      tables.client.send(
        new UpdateCommand({
          TableName: table,
          Key: key,
          UpdateExpression: 'SET notes = :notes',
          ExpressionAttributeValues: { ':notes': tooMuch.notes },
        }),
      ),
    ).rejects.toMatchObject(invalid('Item size to update has exceeded the maximum allowed size'));
  });

  it('keys of more than 2,048 and 1,024 bytes, in writes, reads and queries', async () => {
    await put({ tenant_id: 'é'.repeat(1024), item_id: 'é'.repeat(512) });
    await expect(put({ tenant_id: 'é'.repeat(1025) })).rejects.toMatchObject(hashKey);
    await expect(put({ item_id: 'é'.repeat(513) })).rejects.toMatchObject(rangeKey);
    await expect(
      tables.client.send(
        new GetCommand({ TableName: table, Key: { ...key, item_id: 'é'.repeat(513) } }),
      ),
    ).rejects.toMatchObject(rangeKey);
    await expect(
      tables.client.send(
        new QueryCommand({
          TableName: table,
          IndexName: 'by_phone',
          KeyConditionExpression: 'phone_key = :phone',
          ExpressionAttributeValues: { ':phone': 'é'.repeat(1025) },
        }),
      ),
    ).rejects.toMatchObject(hashKey);
  });

  it('index keys that are too long or empty, in puts and in updates', async () => {
    await put({ owner_key: 'é'.repeat(1024), list_key: 'é'.repeat(512) });
    await expect(put({ owner_key: 'é'.repeat(1025) })).rejects.toMatchObject(
      invalid(
        'One or more parameter values were invalid: Size limit exceeded for Index Key owner_key Actual Size: 2050 bytes Max Size: 2048 bytes IndexName: by_owner',
      ),
    );
    await expect(put({ phone_key: '' })).rejects.toMatchObject(
      invalid(
        'One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: by_phone, IndexKey: phone_key',
      ),
    );
    const update = tables.client.send(
      new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: 'SET list_key = :list',
        ExpressionAttributeValues: { ':list': 'é'.repeat(513) },
      }),
    );
    await expect(update).rejects.toMatchObject(
      invalid(
        'One or more parameter values were invalid: Size limit exceeded for Index Key list_key Actual Size: 1026 bytes Max Size: 1024 bytes IndexName: by_owner',
      ),
    );
  });
});

it('reads a table in several segments at once', async () => {
  await put({ notes: 'short' });
  const answers = await Promise.all(
    [0, 1].map((Segment) =>
      tables.client.send(new ScanCommand({ TableName: table, Segment, TotalSegments: 2 })),
    ),
  );
  expect(answers.flatMap(({ Items = [] }) => Items)).toContainEqual({ ...key, notes: 'short' });
});
