import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { SECOND } from '../../domain/clock.ts';
import type { AnswerLog } from '../../domain/feedback/ports.ts';
import { orUnavailable } from './or-unavailable.ts';

export const answerKey = (id: string) => ({ opt_out_id: `*answer#${id}` });

/**
 * Who was answered lately, in the table `OptOuts`, under keys that no opt-out can have: a tenant's id
 * holds no `*`. The table drops an item once its window is over (`expire_ts`).
 */
export function answerLog(client: DynamoDBDocumentClient, table: string): AnswerLog {
  return {
    take: (id, { messageId, now, until }) =>
      orUnavailable('opt-outs', async () => {
        try {
          await client.send(
            new PutCommand({
              TableName: table,
              Item: {
                ...answerKey(id),
                message_id: messageId,
                until,
                expire_ts: Math.ceil(until / SECOND),
              },
              // A put that the SDK repeats finds its own message, and so does one that the provider repeats.
              ConditionExpression:
                'attribute_not_exists(opt_out_id) OR #until <= :now OR message_id = :message',
              ExpressionAttributeNames: { '#until': 'until' },
              ExpressionAttributeValues: { ':now': now, ':message': messageId },
            }),
          );
          return true;
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
  };
}
