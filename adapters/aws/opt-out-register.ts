import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RefusalRules } from '../../domain/opt-outs/opt-out.ts';
import type { OptOutRegister, OptOuts } from '../../domain/opt-outs/ports.ts';
import { batchGet } from './batch-get.ts';
import type { OptOutHistory } from './opt-out-history.ts';
import { optOutIdOf, optOuts, standingOf } from './opt-outs.ts';

/** The tables `OptOuts` and `OptOutHistory` together. */
export function optOutRegister(
  client: DynamoDBDocumentClient,
  table: string,
  rules: RefusalRules,
  history: OptOutHistory,
): OptOuts & OptOutRegister {
  return {
    ...optOuts(client, table, rules, history),
    history: (tenantId, address, page) => history.of(optOutIdOf(tenantId, address), page),
    standingSince: async (tenantId, since, page) => {
      const { items, cursor } = await history.since(tenantId, since, page);
      const idOf = ({ address }: { readonly address: string }) => `${tenantId}#${address}`;
      const found = await batchGet(client, {
        dependency: 'opt-outs',
        table,
        keys: [...new Set(items.map(idOf))].map((opt_out_id) => ({ opt_out_id })),
      });
      const standing = new Map(
        found.flatMap((item) => {
          const each = standingOf(item);
          return each ? [[each.optOutId, each.statement]] : [];
        }),
      );
      return {
        items: items.filter((entry) => {
          const counts = standing.get(idOf(entry));
          return (
            counts !== undefined &&
            counts.at === entry.at &&
            counts.source === entry.source &&
            counts.messageId === entry.messageId
          );
        }),
        ...(cursor === undefined ? {} : { cursor }),
      };
    },
  };
}
