import * as z from 'zod';
import type { AwsCall, Mishap, Rule } from './fault-proxy.ts';

const putSchema = z.object({
  TableName: z.string(),
  Item: z.object({ status: z.object({ S: z.string() }), lease: z.unknown().optional() }),
});

/** The delivery that a call writes, if it writes one. */
const deliveryWritten = ({ operation, input }: AwsCall) => {
  const put = operation === 'PutItem' ? putSchema.safeParse(input) : undefined;
  return put?.success && put.data.TableName.endsWith('-deliveries') ? put.data.Item : undefined;
};

/** The write by which a worker takes a delivery. */
export const isClaim = (call: AwsCall): boolean => deliveryWritten(call)?.lease !== undefined;

/** The write by which a worker records that the provider took the message. */
export const isSettledSent = (call: AwsCall): boolean => {
  const item = deliveryWritten(call);
  return item?.status.S === 'sent' && item.lease === undefined;
};

export const is =
  (service: AwsCall['service'], ...operations: readonly string[]) =>
  (call: AwsCall): boolean =>
    call.service === service && (operations.length === 0 || operations.includes(call.operation));

/** Everything that a function asks of a part of AWS. */
export const by =
  (caller: string, service: AwsCall['service']) =>
  (call: AwsCall): boolean =>
    call.caller === caller && call.service === service;

/** Calls on the queue whose name ends so. */
export const onQueue =
  (name: string, operation: string) =>
  (call: AwsCall): boolean =>
    call.service === 'SQS' &&
    call.operation === operation &&
    String(call.input.QueueUrl ?? '').endsWith(`-${name}`);

/** These calls meet this mishap, one in `every`. */
export function when(fits: (call: AwsCall) => boolean, mishap: Mishap, every = 1): Rule {
  let seen = 0;
  return (call) => {
    if (!fits(call)) return undefined;
    seen += 1;
    return seen % every === 0 ? mishap : undefined;
  };
}

/** The first rule that has something for a call. */
export const either =
  (...rules: readonly Rule[]): Rule =>
  (call) => {
    for (const rule of rules) {
      const mishap = rule(call);
      if (mishap) return mishap;
    }
    return undefined;
  };

export const errors = {
  dynamoDbThrottled: {
    kind: 'error',
    status: 400,
    type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  },
  unavailable: { kind: 'error', status: 500, type: 'InternalServerError' },
} as const satisfies Record<string, Mishap>;
