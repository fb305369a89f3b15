import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { DAY, SECOND } from '../../domain/clock.ts';
import type { Pair, Windows } from '../../domain/content/window.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'identities';

const itemSchema = z.object({ last_wrote_at: z.number() });

/** Beside the identities in their table, under keys that no number has. Gone after a day. */
const keyOf = ({ tenantId, sender, person }: Pair) => ({
  phone: `window#${tenantId}#${addressKey(sender)}#${addressKey(person)}`,
});

export function whatsappWindows(client: DynamoDBDocumentClient, table: string): Windows {
  return {
    open: (pair, at) =>
      orUnavailable(dependency, async () => {
        try {
          await client.send(
            new UpdateCommand({
              TableName: table,
              Key: keyOf(pair),
              UpdateExpression: 'SET last_wrote_at = :at, expire_ts = :until',
              ConditionExpression: 'attribute_not_exists(last_wrote_at) OR last_wrote_at < :at',
              ExpressionAttributeValues: { ':at': at, ':until': Math.ceil((at + DAY) / SECOND) },
            }),
          );
        } catch (error) {
          // A later message is on record.
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }),
    lastWroteAt: async (pair) => {
      const item = await getItem(client, { dependency, table, key: keyOf(pair) });
      return item && itemSchema.parse(item).last_wrote_at;
    },
  };
}
