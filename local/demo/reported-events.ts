import { setTimeout as wait } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { statusOf } from '../../domain/feedback/status-names.ts';
import { type ProviderId, providerIds } from '../../domain/provider-id.ts';
import { providers } from '../../providers/registry.ts';
import type { Stack } from '../stack.ts';

/** What CI360 heard of a campaign: messages by what became of them, and the events themselves. */
export type Heard = {
  readonly delivered: number;
  readonly undelivered: number;
  readonly read: number;
  readonly replied: number;
  /** External events in all. */
  readonly reported: number;
  /** Of those, the ones that said again what one before them had said. */
  readonly repeated: number;
};

const POLL_MS = 200;
/** A queue that has not moved for so long will not empty: longer than an event waits between two tries. */
const PATIENCE_MS = 90_000;

/**
 * Waits until the providers have said everything, and CI360 has the reports. `onQueued` hears how many reports
 * are left on their queues: one that comes while another of its message is being reported waits its turn,
 * for up to the lease of a report.
 */
export async function untilHeard(
  stack: Stack,
  onQueued: (queued: number) => void = () => {},
): Promise<void> {
  await stack.simulators.idle(PATIENCE_MS).catch(() => undefined);
  const { awsEnv, settings } = stack;
  const client = new SQSClient({
    region: awsEnv.AWS_REGION ?? '',
    endpoint: awsEnv.AWS_ENDPOINT_URL_SQS ?? '',
    credentials: {
      accessKeyId: awsEnv.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: awsEnv.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  try {
    let last = -1;
    let movedAt = performance.now();
    while (performance.now() - movedAt < PATIENCE_MS) {
      const depths = await Promise.all([
        depthOf(client, settings.ci360_events_queue_url),
        depthOf(client, settings.ci360_replies_queue_url),
      ]);
      const depth = depths.reduce((sum, each) => sum + each, 0);
      onQueued(depth);
      if (depth === 0) return;
      if (depth !== last) movedAt = performance.now();
      last = depth;
      await wait(POLL_MS);
    }
  } finally {
    client.destroy();
  }
}

/** Records on a queue, those that someone works on included. */
async function depthOf(client: SQSClient, QueueUrl: string | undefined): Promise<number> {
  const { Attributes = {} } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

/** Reads CI360's side: events about these messages, and replies since the campaign began. */
export function heardOf(
  {
    simulators,
    settings,
  }: Pick<Stack, 'settings'> & {
    readonly simulators: { readonly ci360: Pick<Stack['simulators']['ci360'], 'events'> };
  },
  guids: ReadonlySet<string>,
  since: number,
): Heard {
  const events = simulators.ci360.events().filter(({ at }) => at >= since);
  const replies = events.filter(({ body }) =>
    providerIds.some((provider) => body.eventName === settings[`${provider}_mo_event`]),
  );
  const statuses = events.filter(({ body }) => guids.has(String(body.guid)));
  const messages = (wanted: string) =>
    new Set(
      statuses
        .filter(
          ({ body }) =>
            statusOf(providers[providerOf(body.provider)].statuses, String(body.status)) === wanted,
        )
        .map(({ body }) => body.guid),
    ).size;
  const said = [...statuses, ...replies].map(({ body }) =>
    [body.eventName, body.guid, body.messageId].join(' '),
  );
  return {
    delivered: messages('delivered'),
    undelivered: messages('undelivered'),
    read: messages('read'),
    replied: replies.length,
    reported: said.length,
    repeated: said.length - new Set(said).size,
  };
}

const providerOf = (name: unknown): ProviderId =>
  providerIds.find((provider) => provider === name) ?? 'twilio';
