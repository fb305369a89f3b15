import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, SECOND } from '../../domain/clock.ts';
import type { ReplyLog } from '../../domain/feedback/ports.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'deliveries';

/** `state` of a reply: being reported until `claimed_until` (ms since 1970), or reported. */
const replySchema = z.object({
  state: z.enum(['claimed', 'reported']),
  claimed_until: z.number(),
});

/**
 * Replies in the table `Deliveries`, under keys that no delivery can have: a guid holds no `#`.
 * Kept for `ttlSeconds` (`delivery_ttl`): so long a repeated callback is recognised.
 */
export function replyLog(
  client: DynamoDBDocumentClient,
  table: string,
  { ttlSeconds, clock }: { readonly ttlSeconds: number; readonly clock: Clock },
): ReplyLog {
  const keyOf = (id: string) => ({ delivery_id: `reply#${id}` });
  const itemOf = (id: string, state: z.infer<typeof replySchema>) => ({
    ...keyOf(id),
    ...state,
    expire_ts: Math.ceil(clock() / SECOND) + ttlSeconds,
  });
  return {
    claim: async (id, { now, until }) =>
      orUnavailable(dependency, async () => {
        try {
          await client.send(
            new PutCommand({
              TableName: table,
              Item: itemOf(id, { state: 'claimed', claimed_until: until }),
              ConditionExpression:
                'attribute_not_exists(delivery_id) OR (#state = :claimed AND claimed_until <= :now)',
              ExpressionAttributeNames: { '#state': 'state' },
              ExpressionAttributeValues: { ':claimed': 'claimed', ':now': now },
            }),
          );
          return 'claimed';
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          const item = await getItem(client, { dependency, table, key: keyOf(id) });
          // A claim that the SDK repeated finds itself here, and waits until it has run out.
          return replySchema.safeParse(item).data?.state === 'reported' ? 'reported' : 'held';
        }
      }),
    reported: async (id) => {
      const item = itemOf(id, { state: 'reported', claimed_until: 0 });
      await orUnavailable(dependency, () =>
        client.send(new PutCommand({ TableName: table, Item: item })),
      );
    },
    release: async (id, until) => {
      await orUnavailable(dependency, async () => {
        try {
          await client.send(
            new DeleteCommand({
              TableName: table,
              Key: keyOf(id),
              ConditionExpression: '#state = :claimed AND claimed_until = :until',
              ExpressionAttributeNames: { '#state': 'state' },
              ExpressionAttributeValues: { ':claimed': 'claimed', ':until': until },
            }),
          );
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      });
    },
  };
}
