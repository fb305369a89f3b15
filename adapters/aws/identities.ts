import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, SECOND } from '../../domain/clock.ts';
import type { Identities } from '../../domain/delivery/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'identities';

/** Attributes of the SAS connector's cache, which name the tenant that wrote last. */
const latestSchema = z.object({ datahub_id: z.string(), tenant_id: z.string() });

/** Each tenant's own identity at an address, so that tenants who write to one phone keep apart. */
export const ownAttribute = (tenantId: string) => `datahub_id#${tenantId}`;

/** When that ends, in seconds. `expire_ts` is the latest of all tenants', for the table's own deletion. */
export const ownUntilAttribute = (tenantId: string) => `expire_ts#${tenantId}`;

const keyOf = (address: string) => ({ phone: addressKey(address) });

/** Table `Identities`: key `phone`, kept for `ttlSeconds` (`cache_ttl`) after the latest message. */
export function identities(
  client: DynamoDBDocumentClient,
  table: string,
  { ttlSeconds, clock }: { readonly ttlSeconds: number; readonly clock: Clock },
): Identities {
  const nowSeconds = () => Math.floor(clock() / SECOND);
  const isOver = (value: unknown): boolean => {
    const until = z.number().safeParse(value);
    return until.success && until.data <= nowSeconds();
  };
  return {
    remember: async (address, tenantId, datahubId) => {
      await orUnavailable(dependency, () =>
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: keyOf(address),
            UpdateExpression:
              'SET datahub_id = :identity, tenant_id = :tenant, #own = :identity, #ownUntil = :until, expire_ts = :until',
            ExpressionAttributeNames: {
              '#own': ownAttribute(tenantId),
              '#ownUntil': ownUntilAttribute(tenantId),
            },
            ExpressionAttributeValues: {
              ':identity': datahubId,
              ':tenant': tenantId,
              ':until': nowSeconds() + ttlSeconds,
            },
          }),
        ),
      );
    },
    find: async (address, tenantId) => {
      const item = await getItem(client, { dependency, table, key: keyOf(address) });
      // The table deletes expired items in its own time, and only once no tenant's identity counts.
      if (item === undefined || isOver(item.expire_ts)) return undefined;
      const own = z.string().safeParse(tenantId && item[ownAttribute(tenantId)]);
      if (tenantId !== undefined && own.success) {
        return isOver(item[ownUntilAttribute(tenantId)])
          ? undefined
          : { tenantId, datahubId: own.data };
      }
      const latest = latestSchema.safeParse(item);
      if (!latest.success) return undefined;
      const found = { tenantId: latest.data.tenant_id, datahubId: latest.data.datahub_id };
      return tenantId === undefined || found.tenantId === tenantId ? found : undefined;
    },
  };
}
