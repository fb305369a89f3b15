import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  type BatchGetCommandOutput,
  DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type DeliveryStatus, deliveryStatuses } from '../../domain/delivery/delivery.ts';
import { isAtProvider } from '../../domain/delivery/status-rank.ts';
import { fromScgExternalId } from '../../providers/scg/reference.ts';
import { fromTwilioStatusQuery } from '../../providers/twilio/reference.ts';
import type { Stack } from '../stack.ts';

/** What the tables say of one accepted event. */
export type Recorded =
  /** The provider has it, by the delivery's word. */
  | { readonly kind: 'sent'; readonly status: DeliveryStatus }
  /** It is kept for an operator, with its reason. */
  | {
      readonly kind: 'failed';
      readonly class: string;
      readonly code: string;
      readonly message: string;
    }
  /** Nothing final yet. */
  | { readonly kind: 'open'; readonly status: DeliveryStatus | 'absent' };

const deliverySchema = z.object({ delivery_id: z.string(), status: z.enum(deliveryStatuses) });
const failedSchema = z.object({
  guid: z.string(),
  error_class: z.string(),
  error_code: z.string(),
  error_message: z.string(),
});

/** Reads outcomes where they are kept, by the tables' published attributes and not through the service. */
export function outcomeReader(stack: Pick<Stack, 'awsEnv' | 'settings'>) {
  const { awsEnv, settings } = stack;
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: awsEnv.AWS_REGION ?? '',
      endpoint: awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '',
      credentials: {
        accessKeyId: awsEnv.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: awsEnv.AWS_SECRET_ACCESS_KEY ?? '',
      },
    }),
  );

  async function rows<T>(table: string, key: string, ids: readonly string[], schema: z.ZodType<T>) {
    const found: T[] = [];
    for (let at = 0; at < ids.length; at += 100) {
      let asked: BatchGetCommandInput['RequestItems'] = {
        [table]: { Keys: ids.slice(at, at + 100).map((id) => ({ [key]: id })) },
      };
      while (asked && Object.keys(asked).length > 0) {
        const page: BatchGetCommandOutput = await client.send(
          new BatchGetCommand({ RequestItems: asked }),
        );
        found.push(...z.array(schema).parse(page.Responses?.[table] ?? []));
        asked = page.UnprocessedKeys;
      }
    }
    return found;
  }

  return {
    /** Outcomes by guid, for events of one tenant. */
    read: async (tenantId: string, guids: readonly string[]): Promise<Map<string, Recorded>> => {
      const deliveries = await rows(
        settings.db_deliveries_table ?? '',
        'delivery_id',
        guids.map((guid) => `${tenantId}#${guid}`),
        deliverySchema,
      );
      const statuses = new Map(
        deliveries.map((row) => [row.delivery_id.slice(tenantId.length + 1), row.status]),
      );
      const unsent = guids.filter((guid) => !isAtProvider(statuses.get(guid) ?? 'sending'));
      const failed = await rows(
        settings.db_failed_requests_table ?? '',
        'guid',
        unsent,
        failedSchema,
      );
      const reasons = new Map(failed.map((row) => [row.guid, row]));
      return new Map(
        guids.map((guid) => [guid, outcome(statuses.get(guid) ?? 'absent', reasons.get(guid))]),
      );
    },
    close: () => client.destroy(),
  };
}

function outcome(
  status: DeliveryStatus | 'absent',
  reason: z.infer<typeof failedSchema> | undefined,
): Recorded {
  if (status !== 'absent' && isAtProvider(status)) return { kind: 'sent', status };
  if (!reason) return { kind: 'open', status };
  const { error_class, error_code, error_message } = reason;
  return { kind: 'failed', class: error_class, code: error_code, message: error_message };
}

/** How often each event's message is at a provider, by `{tenantId}#{guid}`, from what the simulators accepted. */
export function messagesAtProviders({
  simulators,
}: Pick<Stack, 'simulators'>): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (tenantId: string | undefined, guid: string | undefined) => {
    const id = `${tenantId}#${guid}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  for (const { direction, statusCallback, tenantId } of simulators.twilio.messages()) {
    if (direction !== 'outbound-api' || statusCallback === undefined) continue;
    add(tenantId, fromTwilioStatusQuery(tenantId, new URL(statusCallback).searchParams)?.guid);
  }
  for (const { direction, externalId, tenantId } of simulators.scg.messages()) {
    if (direction === 'MT') add(tenantId, fromScgExternalId(externalId)?.guid);
  }
  return counts;
}
