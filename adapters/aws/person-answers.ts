import { DeleteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { addressKey } from '../../domain/outbound/address-key.ts';
import type { Found, PersonStore } from '../../domain/people/ports.ts';
import { answerKey } from './answer-log.ts';
import { orUnavailable } from './or-unavailable.ts';
import { getItem } from './put-if.ts';

const dependency = 'opt-outs';
const kinds = ['STOP', 'HELP', 'AUTO'] as const;

/** When a person was last answered automatically, in the table `OptOuts`. */
export function personAnswers(client: DynamoDBDocumentClient, table: string): PersonStore {
  const find = async (kind: string, tenantId: string, address: string): Promise<Found[]> => {
    const key = answerKey(`${tenantId}#${kind}#${addressKey(address)}`);
    const item = await getItem(client, { dependency, table, key });
    if (item === undefined) return [];
    return [
      {
        data: { kind, messageId: item.message_id },
        erase: async () => {
          await orUnavailable(dependency, () =>
            client.send(new DeleteCommand({ TableName: table, Key: key })),
          );
          return 'erased';
        },
      },
    ];
  };
  return {
    name: 'automatic-answers',
    find: async ({ tenantId, address }) => ({
      items: (await Promise.all(kinds.map((kind) => find(kind, tenantId, address)))).flat(),
    }),
  };
}
