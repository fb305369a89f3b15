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
    AttributeDefinitions: ['guid', 'tenant_status', 'insert_ts'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S' as const,
    })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by_status',
        KeySchema: [
          { AttributeName: 'tenant_status', KeyType: 'HASH' },
          { AttributeName: 'insert_ts', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  identities: keyed('phone'),
  optOuts: keyed('opt_out_id'),
  replays: keyed('replay_id'),
} satisfies Record<string, Definition>;
