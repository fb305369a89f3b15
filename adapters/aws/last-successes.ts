import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Clock, MINUTE, SECOND } from '../../domain/clock.ts';
import { type Company, companies, type LastSuccesses } from '../../domain/operator/status-ports.ts';
import { batchGet } from './batch-get.ts';

const itemSchema = z.object({ delivery_id: z.string(), at: z.number() });

/** In the table `Deliveries`, under keys that no delivery can have: a tenant's id holds no `#`. */
const keyOf = (tenantId: string, company: Company): string => `success##${company}#${tenantId}`;

/** Each worker notes a tenant's last success with a company at most so often. */
const EVERY_MS = MINUTE;
/** A note that cannot be stored is not waited for any longer: it is worth less than the batch. */
const PATIENCE_MS = SECOND;

/** Notes in memory what went well, and stores it once a minute, apart from any message's own writes. */
export function successNotes(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, ttlSeconds }: { readonly clock: Clock; readonly ttlSeconds: number },
) {
  const noted = new Map<string, number>();
  const storedAt = new Map<string, number>();
  const store = async (key: string, at: number): Promise<void> => {
    storedAt.set(key, at);
    noted.delete(key);
    const expireTs = Math.ceil(at / SECOND) + ttlSeconds;
    await client.send(
      new PutCommand({ TableName: table, Item: { delivery_id: key, at, expire_ts: expireTs } }),
      { abortSignal: AbortSignal.timeout(PATIENCE_MS) },
    );
  };
  return {
    /** Costs nothing: kept in memory until `save`. */
    note: (tenantId: string, company: Company): void => {
      noted.set(keyOf(tenantId, company), clock());
    },
    /** For the end of a batch. Never throws. */
    save: async (): Promise<void> => {
      const due = [...noted].filter(
        ([key]) => clock() - (storedAt.get(key) ?? Number.NEGATIVE_INFINITY) >= EVERY_MS,
      );
      await Promise.allSettled(due.map(([key, at]) => store(key, at)));
    },
  };
}

/** When a tenant's messages or events were last taken by each company, to the minute. */
export const lastSuccesses = (client: DynamoDBDocumentClient, table: string): LastSuccesses => ({
  of: async (tenantId) => {
    const items = await batchGet(client, {
      dependency: 'deliveries',
      table,
      keys: companies.map((company) => ({ delivery_id: keyOf(tenantId, company) })),
    });
    const times = new Map(
      z
        .array(itemSchema)
        .parse(items)
        .map(({ delivery_id, at }) => [delivery_id, at]),
    );
    return (company) => times.get(keyOf(tenantId, company));
  },
});
