import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deliverySchema } from '../../domain/delivery/delivery.ts';
import type { RefusalRules } from '../../domain/opt-outs/opt-out.ts';
import type { VerdictFacts } from '../../domain/replay/ports.ts';
import { batchGet } from './batch-get.ts';
import { fromItem } from './items.ts';
import { optOutIdOf, optOutOf } from './opt-outs.ts';

/** Reads deliveries and opt-outs a hundred at a time. */
export function verdictFacts(
  client: DynamoDBDocumentClient,
  tables: { readonly deliveries: string; readonly optOuts: string },
  rules: RefusalRules,
): VerdictFacts {
  return {
    deliveries: async (deliveryIds) => {
      const items = await batchGet(client, {
        dependency: 'deliveries',
        table: tables.deliveries,
        keys: [...new Set(deliveryIds)].map((delivery_id) => ({ delivery_id })),
      });
      const found = items.map((item) => fromItem(deliverySchema, item));
      return new Map(found.map((delivery) => [delivery.deliveryId, delivery]));
    },
    optedOut: async (people) => {
      const byId = new Map(
        people.map((person) => [optOutIdOf(person.tenantId, person.address), person]),
      );
      const items = await batchGet(client, {
        dependency: 'opt-outs',
        table: tables.optOuts,
        keys: [...byId.keys()].map((opt_out_id) => ({ opt_out_id })),
      });
      const out = new Set(items.flatMap((item) => optOutOf(item, rules) ?? []));
      return people.map(({ tenantId, address }) => out.has(optOutIdOf(tenantId, address)));
    },
  };
}
