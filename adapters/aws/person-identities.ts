import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { addressKey } from '../../domain/outbound/address-key.ts';
import type { PersonStore } from '../../domain/people/ports.ts';
import { swapUntil } from '../../domain/swap-until.ts';
import { ownAttribute, ownUntilAttribute } from './identities.ts';
import type { Item } from './items.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'identities';

/** Whether an attribute is a tenant's own identity at the address. */
const isOwn = (name: string): boolean => name.startsWith(ownAttribute(''));

/** A tenant's identities in the table `Identities`, whose items the tenants share. */
export function personIdentities(client: DynamoDBDocumentClient, table: string): PersonStore {
  const attempt = async (write: () => Promise<unknown>): Promise<true | undefined> =>
    orUnavailable(dependency, async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return undefined;
        throw error;
      }
    });

  /** Removes what the tenant has there, then the item if nothing is left. True once that is done. */
  const forget = async (key: Item, tenantId: string): Promise<true | undefined> => {
    const item = await getItem(client, { dependency, table, key });
    if (item === undefined) return true;
    const own = ownAttribute(tenantId);
    const isLatest = item.tenant_id === tenantId;
    const isRemoved = await attempt(() =>
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: key,
          UpdateExpression: `REMOVE #own, #ownUntil${isLatest ? ', datahub_id, tenant_id' : ''}`,
          ConditionExpression: isLatest
            ? 'tenant_id = :tenant'
            : 'attribute_exists(phone) AND NOT tenant_id = :tenant',
          ExpressionAttributeNames: { '#own': own, '#ownUntil': ownUntilAttribute(tenantId) },
          ExpressionAttributeValues: { ':tenant': tenantId },
        }),
      ),
    );
    const isOthers = Object.keys(item).some((name) => isOwn(name) && name !== own);
    if (!isRemoved || isOthers) return isRemoved;
    // Unless someone was written to there meanwhile.
    await attempt(() =>
      client.send(
        new DeleteCommand({
          TableName: table,
          Key: key,
          ConditionExpression: 'attribute_not_exists(tenant_id)',
        }),
      ),
    );
    return true;
  };

  return {
    name: 'identities',
    find: async ({ tenantId, address }) => {
      const key = { phone: addressKey(address) };
      const item = await getItem(client, { dependency, table, key });
      const own = item?.[ownAttribute(tenantId)];
      const latest = item?.tenant_id === tenantId ? item.datahub_id : undefined;
      const identityId = own ?? latest;
      // Of an erasure that died between its two writes, only the number is left.
      const isRest = item !== undefined && !Object.keys(item).some(isOwn) && !item.tenant_id;
      if (identityId === undefined && !isRest) return { items: [] };
      const until = item?.[ownUntilAttribute(tenantId)] ?? item?.expire_ts;
      return {
        items: [
          {
            data: {
              number: key.phone,
              identityId,
              until: typeof until === 'number' ? new Date(until * 1000).toISOString() : undefined,
            },
            erase: async () => {
              await swapUntil(dependency, () => forget(key, tenantId));
              return 'erased';
            },
          },
        ],
      };
    },
  };
}
