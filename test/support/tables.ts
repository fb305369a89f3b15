import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

type Definition = Omit<CreateTableCommandInput, 'TableName'>;

const keyed = (key: string): Definition => ({
  AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
  KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
});

/** The tables that adapters are tested on, as serverless.yml declares them. */
export const tableDefinitions = {
  deliveries: keyed('delivery_id'),
  failedRequests: {
    ...keyed('guid'),
    AttributeDefinitions: ['guid', 'tenant_status', 'insert_ts', 'replay_status'].map(
      (AttributeName) => ({
        AttributeName,
        AttributeType: 'S' as const,
      }),
    ),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by_status',
        KeySchema: [
          { AttributeName: 'tenant_status', KeyType: 'HASH' },
          { AttributeName: 'insert_ts', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
      {
        IndexName: 'by_replay',
        KeySchema: [{ AttributeName: 'replay_status', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  },
  identities: keyed('phone'),
  optOuts: keyed('opt_out_id'),
  replays: {
    ...keyed('replay_id'),
    AttributeDefinitions: [
      { AttributeName: 'replay_id', AttributeType: 'S' },
      { AttributeName: 'tenant_id', AttributeType: 'S' },
      { AttributeName: 'created_at', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by_tenant',
        KeySchema: [
          { AttributeName: 'tenant_id', KeyType: 'HASH' },
          { AttributeName: 'created_at', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
} satisfies Record<string, Definition>;
