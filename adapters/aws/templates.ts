import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import type { TemplateStore } from '../../domain/content/templates/ports.ts';
import {
  type Catalogue,
  type Template,
  templateSchema,
} from '../../domain/content/templates/template.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'templates';
/** The sort key of the record that says when a tenant's templates were read; no id of a template has a `#`. */
const SYNC = '#sync';
const CONCURRENT_WRITES = 10;

const syncSchema = z.object({ template_id: z.literal(SYNC), synced_at: z.number().default(0) });

/** Table `Templates`: key `tenant_id` and `template_id`. */
export function templateStore(client: DynamoDBDocumentClient, table: string): TemplateStore {
  const keyOf = (tenantId: string, id: string) => ({ tenant_id: tenantId, template_id: id });
  const itemOf = (tenantId: string, template: Template) => ({
    ...keyOf(tenantId, template.sid),
    ...template,
  });

  async function load(tenantId: string): Promise<Catalogue> {
    const templates: Template[] = [];
    let syncedAt = 0;
    let after: QueryCommandOutput['LastEvaluatedKey'];
    do {
      const page: QueryCommandOutput = await orUnavailable(dependency, () =>
        client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: 'tenant_id = :tenant',
            ExpressionAttributeValues: { ':tenant': tenantId },
            ...(after ? { ExclusiveStartKey: after } : {}),
          }),
        ),
      );
      for (const item of page.Items ?? []) {
        const sync = syncSchema.safeParse(item);
        if (sync.success) syncedAt = sync.data.synced_at;
        else if (item.gone !== true) templates.push(templateSchema.parse(item));
      }
      after = page.LastEvaluatedKey;
    } while (after);
    return { syncedAt, templates };
  }

  const put = (tenantId: string, template: Template) =>
    client.send(new PutCommand({ TableName: table, Item: itemOf(tenantId, template) }));
  /** Marked, not deleted: nobody who may write here needs to delete anything. */
  const remove = (tenantId: string, { sid }: Template) =>
    client.send(
      new PutCommand({ TableName: table, Item: { ...keyOf(tenantId, sid), gone: true } }),
    );

  return {
    load,
    takeTurn: (tenantId, now, until) =>
      orUnavailable(dependency, async () => {
        try {
          await client.send(
            new UpdateCommand({
              TableName: table,
              Key: keyOf(tenantId, SYNC),
              UpdateExpression: 'SET turn_until = :until',
              ConditionExpression: 'attribute_not_exists(turn_until) OR turn_until <= :now',
              ExpressionAttributeValues: { ':now': now, ':until': until },
            }),
          );
          return true;
        } catch (error) {
          // A turn whose answer was lost is nobody's, and ends by itself.
          if (error instanceof ConditionalCheckFailedException) return false;
          throw error;
        }
      }),
    replace: (tenantId, before, after) =>
      orUnavailable(dependency, async () => {
        const known = new Map(before.templates.map((one) => [one.sid, one]));
        const kept = new Set(after.templates.map(({ sid }) => sid));
        const changed = after.templates.filter(
          (one) => !isDeepStrictEqual(known.get(one.sid), one),
        );
        const gone = before.templates.filter(({ sid }) => !kept.has(sid));
        await pMap(changed, (one) => put(tenantId, one), { concurrency: CONCURRENT_WRITES });
        await pMap(gone, (one) => remove(tenantId, one), { concurrency: CONCURRENT_WRITES });
        await client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(tenantId, SYNC),
            UpdateExpression: 'SET synced_at = :at REMOVE turn_until',
            ExpressionAttributeValues: { ':at': after.syncedAt },
          }),
        );
      }),
  };
}
