import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Failure } from '../../domain/delivery/failure.ts';
import type { DeadLetters } from '../../domain/delivery/ports.ts';
import { tenantIdSchema } from '../../domain/outbound/message-request.ts';
import { asciiJson } from './ascii-json.ts';
import { MAX_MESSAGE_BYTES } from './json-queue.ts';
import { orUnavailable } from './or-unavailable.ts';

/** Name of the message attribute that carries a `Failure` beside a dead letter's body. */
export const FAILURE_ATTRIBUTE = 'failure';

/** Room for the attribute's name and type, which count towards the size of a message too. */
const ATTRIBUTE_OVERHEAD = FAILURE_ATTRIBUTE.length + 'String'.length;

/**
 * A dead-letter queue. A body so large that the reason does not fit beside it goes without one: the
 * reader then takes the delivery's last error.
 */
export function deadLetters(client: SQSClient, url: string): DeadLetters {
  return {
    handOver: async (body: string, tenantId: string | undefined, failure: Failure) => {
      const reason = asciiJson(failure);
      const size = Buffer.byteLength(body, 'utf8') + reason.length + ATTRIBUTE_OVERHEAD;
      const group = tenantIdSchema.safeParse(tenantId);
      await orUnavailable('dead-letter-queue', () =>
        client.send(
          new SendMessageCommand({
            QueueUrl: url,
            MessageBody: body,
            ...(group.success ? { MessageGroupId: group.data } : {}),
            ...(size > MAX_MESSAGE_BYTES
              ? {}
              : {
                  MessageAttributes: {
                    [FAILURE_ATTRIBUTE]: { DataType: 'String', StringValue: reason },
                  },
                }),
          }),
        ),
      );
    },
  };
}
