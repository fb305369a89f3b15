import { randomUUID } from 'node:crypto';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import { localKeys } from '../../../local/secrets.ts';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import { type CallWatch, callWatch } from '../../support/call-watch.ts';
import type { Permission } from '../../support/roles.ts';
import { connector } from '../connector.ts';

const queues = {
  outbound: 'outbound_queue_url',
  outboundDlq: 'outbound_dlq_url',
  lanesDlq: 'outbound_lanes_dlq_url',
  events: 'ci360_events_queue_url',
  eventsDlq: 'ci360_events_dlq_url',
} as const;

/** A stack whose every call to AWS is noted, and what the walks over it share. */
export type Ground = {
  readonly stack: Stack;
  readonly watch: CallWatch;
  readonly ci360: ReturnType<typeof connector>;
  /** Puts a record on a queue past the functions that do so. */
  readonly put: (queue: keyof typeof queues, body: object) => Promise<void>;
  /** Waits until a permission of this name has been needed. */
  readonly used: (name: RegExp) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** A permission in words: `worker: sqs:SendMessage ci360-mobile-connector-local-outbound-dlq`. */
export const named = ({ by, action, resource }: Permission): string =>
  `${by}: ${action} ${resource.split(':').slice(5).join(':')}`;

/** Longer than anything takes, also on a machine with much else to do. */
export const patience = { timeout: 60_000 };

export async function startGround(): Promise<Ground> {
  const watch = callWatch();
  const stack = await startStack({
    between: watch.between,
    settings: { sender_rates: '{"12345":50}', reconcile_after: '1', tenant_id: 'local-tenant' },
  });
  // A connector key for one tenant makes callers look whether there is such a tenant.
  stack.putSecret('access-keys', {
    connector: [{ name: 'ci360', key: localKeys.connector, tenants: ['local-tenant'] }],
    operator: [{ name: 'on-call', key: localKeys.operator, tenants: '*' }],
    compliance: [{ name: 'on-call', key: localKeys.operator, tenants: '*' }],
  });
  const { AWS_REGION, AWS_ENDPOINT_URL_SQS, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } =
    stack.awsEnv;
  const sqs = new SQSClient({
    region: AWS_REGION ?? '',
    endpoint: AWS_ENDPOINT_URL_SQS ?? '',
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  // A text of its own makes the webhook answer a STOP.
  stack.putSecret('local-tenant', {
    ...simulatorSecret(stack.simUrl),
    stop_text: 'You get no more messages.',
  });
  return {
    stack,
    watch,
    ci360: connector(stack),
    put: async (queue, body) => {
      const QueueUrl = stack.settings[queues[queue]];
      const fifo = QueueUrl?.endsWith('.fifo')
        ? { MessageGroupId: 'any', MessageDeduplicationId: randomUUID() }
        : {};
      await sqs.send(
        new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body), ...fifo }),
      );
    },
    used: (name) =>
      expect
        .poll(() => watch.calls().map(named), patience)
        .toContainEqual(expect.stringMatching(name)),
    close: async () => {
      sqs.destroy();
      await stack.close();
      await watch.close();
    },
  };
}
