import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../../domain/delivery/ports.ts';
import type { Failure } from '../../domain/failure.ts';
import { tenantIdSchema } from '../../domain/tenant/tenant-id.ts';
import { asciiJson } from './ascii-json.ts';
import { MAX_MESSAGE_BYTES } from './json-queue.ts';
import { orUnavailable } from './or-unavailable.ts';

/** Name of the message attribute that carries a `Failure` beside a dead letter's body. */
export const FAILURE_ATTRIBUTE = 'failure';

/** Name of the message attribute that carries the id which the record had on its first queue. */
export const RECORD_ID_ATTRIBUTE = 'record_id';

const attributesOf = (failure: Failure, recordId: string | undefined) => ({
  [FAILURE_ATTRIBUTE]: { DataType: 'String', StringValue: asciiJson(failure) },
  ...(recordId === undefined
    ? {}
    : { [RECORD_ID_ATTRIBUTE]: { DataType: 'String', StringValue: recordId } }),
});

/** Names and types count towards the size of a message too. */
const sizeOf = (attributes: ReturnType<typeof attributesOf>): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue }]) =>
      sum + name.length + DataType.length + StringValue.length,
    0,
  );

/**
 * A dead-letter queue. A body so large that the reason does not fit beside it goes without one: the
 * reader then takes the delivery's last error.
 */
export function deadLetters(client: SQSClient, url: string): DeadLetters {
  return {
    handOver: async (
      body: string,
      tenantId: string | undefined,
      failure: Failure,
      recordId?: string,
    ) => {
      const attributes = attributesOf(failure, recordId);
      const fits = Buffer.byteLength(body, 'utf8') + sizeOf(attributes) <= MAX_MESSAGE_BYTES;
      const group = tenantIdSchema.safeParse(tenantId);
      await orUnavailable('dead-letter-queue', () =>
        client.send(
          new SendMessageCommand({
            QueueUrl: url,
            MessageBody: body,
            ...(group.success ? { MessageGroupId: group.data } : {}),
            ...(fits ? { MessageAttributes: attributes } : {}),
          }),
        ),
      );
    },
  };
}
