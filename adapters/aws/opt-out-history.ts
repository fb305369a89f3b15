import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, SECOND } from '../../domain/clock.ts';
import { decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import type { Statement } from '../../domain/opt-outs/opt-out.ts';
import type { HistoryEntry, HistoryPage } from '../../domain/opt-outs/ports.ts';
import { fromItem, toItem } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'opt-out-history';

/** Times are ISO 8601 in UTC with milliseconds. */
const itemSchema = z.object({
  /** `{tenantId}#{key of the address}` */
  optOutId: z.string(),
  /** `{time}#{source}#{message id}`: the same statement always has the same key. */
  statementId: z.string(),
  tenantId: z.string(),
  saidAt: z.string(),
  status: z.enum(['opted-out', 'opted-in']),
  source: z.string(),
  messageId: z.string().optional(),
  note: z.string().optional(),
  recordedAt: z.string(),
  /** For the table's own expiry, in seconds. */
  expireTs: z.number(),
});

const keySchema = z.object({ opt_out_id: z.string(), statement_id: z.string() });
const positionSchema = z.object({ ...keySchema.shape, said_at: z.string() });

const iso = (ms: number): string => new Date(ms).toISOString();

export type OptOutHistory = {
  /** Adds a statement. Adding it again changes nothing but the time at which it was recorded. */
  readonly append: (
    optOutId: string,
    tenantId: string,
    statement: Statement & { readonly note?: string | undefined },
  ) => Promise<void>;
  /** One address's statements, the latest first. */
  readonly of: (
    optOutId: string,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ) => Promise<HistoryPage>;
  /** A tenant's statements from a time on, the earliest first. */
  readonly since: (
    tenantId: string,
    since: number,
    page: { readonly limit: number; readonly cursor?: string | undefined },
  ) => Promise<HistoryPage>;
};

/** Table `OptOutHistory`: key `opt_out_id` and `statement_id`, index `by_tenant` by time. */
export function optOutHistory(
  client: DynamoDBDocumentClient,
  table: string,
  { ttlSeconds, clock }: { readonly ttlSeconds: number; readonly clock: Clock },
): OptOutHistory {
  const query = async <Position extends object>(
    about: object,
    position: z.ZodType<Position>,
    { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
    input: Omit<QueryCommandInput, 'TableName' | 'Limit'>,
    partition: object = {},
  ): Promise<HistoryPage> => {
    const from = cursor === undefined ? undefined : decodeCursor(about, cursor, position);
    const page = await orUnavailable(dependency, () =>
      client.send(
        new QueryCommand({
          ...input,
          TableName: table,
          Limit: limit,
          ...(from ? { ExclusiveStartKey: { ...from, ...partition } } : {}),
        }),
      ),
    );
    const last = page.LastEvaluatedKey;
    return {
      items: (page.Items ?? []).map((item) => entryOf(fromItem(itemSchema, item))),
      ...(last ? { cursor: encodeCursor(about, position.parse(last)) } : {}),
    };
  };

  return {
    append: async (optOutId, tenantId, { status, at, source, messageId, note }) => {
      const now = clock();
      const item: z.infer<typeof itemSchema> = {
        optOutId,
        statementId: `${iso(at)}#${source}#${messageId ?? ''}`,
        tenantId,
        saidAt: iso(at),
        status,
        source,
        messageId,
        note,
        recordedAt: iso(now),
        expireTs: Math.ceil(now / SECOND) + ttlSeconds,
      };
      await orUnavailable(dependency, () =>
        client.send(new PutCommand({ TableName: table, Item: toItem(item) })),
      );
    },
    of: (optOutId, page) =>
      query({ optOutId }, keySchema, page, {
        KeyConditionExpression: 'opt_out_id = :id',
        ExpressionAttributeValues: { ':id': optOutId },
        ScanIndexForward: false,
        ConsistentRead: true,
      }),
    since: (tenantId, since, page) =>
      query(
        { tenantId, since },
        positionSchema,
        page,
        {
          IndexName: 'by_tenant',
          KeyConditionExpression: 'tenant_id = :tenant AND said_at >= :since',
          ExpressionAttributeValues: { ':tenant': tenantId, ':since': iso(since) },
        },
        { tenant_id: tenantId },
      ),
  };
}

function entryOf(item: z.infer<typeof itemSchema>): HistoryEntry {
  const { optOutId, tenantId, saidAt, recordedAt, status, source, messageId, note } = item;
  return {
    address: optOutId.slice(tenantId.length + 1),
    status,
    at: Date.parse(saidAt),
    source,
    recordedAt: Date.parse(recordedAt),
    ...(messageId === undefined ? {} : { messageId }),
    ...(note === undefined ? {} : { note }),
  };
}
