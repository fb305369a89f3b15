import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { OptOuts } from '../../domain/delivery/ports.ts';
import { fromItem, type Item, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'opt-outs';

/** The latest word of one address to one tenant. Kept for ever: a STOP does not expire. */
const wordSchema = z.object({
  /** `{tenantId}#{address}` */
  optOutId: z.string(),
  status: z.enum(['opted-out', 'opted-in']),
  /** When it was said: ISO 8601 in UTC with milliseconds, so that texts compare as times do. */
  saidAt: z.string(),
  /** Who told us: a word of the customer's, or a provider's code. */
  source: z.string(),
});

/**
 * A later word replaces an earlier one, whichever is recorded first. STOP beats a START of the same
 * millisecond. A START is kept too: a STOP that was said before it may still be on its way.
 */
const laterWord = {
  'opted-out': 'attribute_not_exists(opt_out_id) OR said_at <= :at',
  'opted-in': 'attribute_not_exists(opt_out_id) OR said_at < :at',
} as const;

/** The key of an address's latest word. */
export const optOutIdOf = (tenantId: string, address: string): string => `${tenantId}#${address}`;

/** The key of an item that says STOP; undefined for one that says START. */
export function optOutOf(item: Item): string | undefined {
  const { status, optOutId } = fromItem(wordSchema, item);
  return status === 'opted-out' ? optOutId : undefined;
}

/** Table `OptOuts`: key `opt_out_id`. */
export function optOuts(client: DynamoDBDocumentClient, table: string): OptOuts {
  const record =
    (status: z.infer<typeof wordSchema>['status']) =>
    (tenantId: string, address: string, source: string, at: number) => {
      const saidAt = new Date(at).toISOString();
      const word: z.infer<typeof wordSchema> = {
        optOutId: optOutIdOf(tenantId, address),
        status,
        saidAt,
        source,
      };
      return orUnavailable(dependency, async () => {
        try {
          await client.send(
            new PutCommand({
              TableName: table,
              Item: toItem(word),
              ConditionExpression: laterWord[status],
              ExpressionAttributeValues: { ':at': saidAt },
            }),
          );
        } catch (error) {
          // A later word stands, or our own that the SDK has repeated: either way there is nothing to do.
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      });
    };

  return {
    isOptedOut: async (tenantId, address) => {
      const key = { opt_out_id: optOutIdOf(tenantId, address) };
      const item = await getItem(client, { dependency, table, key });
      return item !== undefined && optOutOf(item) !== undefined;
    },
    optOut: record('opted-out'),
    optIn: record('opted-in'),
  };
}
