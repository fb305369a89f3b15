import * as z from 'zod';
import { readServerlessFiles } from '../../local/template/written.ts';

const keySchema = z.array(
  z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }),
);
const tableSchema = z.object({
  Properties: z.object({
    BillingMode: z.literal('PAY_PER_REQUEST'),
    AttributeDefinitions: z.array(
      z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: keySchema,
    GlobalSecondaryIndexes: z
      .array(
        z.object({
          IndexName: z.string(),
          KeySchema: keySchema,
          Projection: z.object({
            ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
            NonKeyAttributes: z.array(z.string()).optional(),
          }),
        }),
      )
      .optional(),
  }),
});
const serviceSchema = z.object({
  resources: z.object({ Resources: z.record(z.string(), z.unknown()) }),
});

/** A table as serverless/tables.yml declares it, by its logical id (`DeliveriesTable`); all but its name. */
export function tableDefinition(logicalId: string) {
  const service = serviceSchema.parse(readServerlessFiles());
  const { GlobalSecondaryIndexes, ...table } = tableSchema.parse(
    service.resources.Resources[logicalId],
  ).Properties;
  return { ...table, ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}) };
}
