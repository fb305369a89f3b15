import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { itemSchema, type StoredItem } from '../../local/emulators/item-size.ts';
import type { TableShape } from './write-units.ts';

/** What stands in the tables, read past the ledger. */
export type TableReader = {
  readonly shapeOf: (table: string) => Promise<TableShape>;
  /** Every table of the service has one text as its key. */
  readonly get: (table: string, key: string) => Promise<StoredItem | undefined>;
  readonly close: () => void;
};

export function tableReader(endpoint: string): TableReader {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const shapes = new Map<string, Promise<TableShape>>();
  const describe = async (table: string): Promise<TableShape> => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    const names = (schema: { AttributeName?: string | undefined }[] = []) =>
      schema.flatMap(({ AttributeName }) => (AttributeName === undefined ? [] : [AttributeName]));
    return {
      key: names(Table?.KeySchema),
      indexes: (Table?.GlobalSecondaryIndexes ?? []).map(
        ({ IndexName = '', KeySchema, Projection }) => ({
          name: IndexName,
          key: names(KeySchema),
          projected:
            Projection?.ProjectionType === 'ALL' ? 'all' : (Projection?.NonKeyAttributes ?? []),
        }),
      ),
    };
  };
  const shapeOf = (table: string) => {
    const known = shapes.get(table) ?? describe(table);
    shapes.set(table, known);
    return known;
  };
  return {
    shapeOf,
    get: async (table, key) => {
      const [name = ''] = (await shapeOf(table)).key;
      const Key = { [name]: { S: key } };
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : itemSchema.parse(Item);
    },
    close: () => client.destroy(),
  };
}
