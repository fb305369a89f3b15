import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SECOND } from '../../domain/clock.ts';
import {
  optedOutBy,
  type RefusalRules,
  refusalEnds,
  type Wish,
  type Word,
  withRefusal,
  withWord,
} from '../../domain/delivery/opt-out.ts';
import type { OptOuts } from '../../domain/delivery/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { fromItem, type Item, toItem } from './items.ts';
import { getItem, putIf } from './put-if.ts';

const dependency = 'opt-outs';

/** Who loses a race does so to another word of the same person, and there are few of those at once. */
const SWAP_TRIES = 20;

/** What an item holds of an address's wish. Times are ISO 8601 in UTC with milliseconds. */
const itemSchema = z.object({
  /** `{tenantId}#{key of the address}` */
  optOutId: z.string(),
  /** The latest word, when it was said, and who told us; not set where only a provider refused. */
  status: z.enum(['opted-out', 'opted-in']).optional(),
  saidAt: z.string().optional(),
  source: z.string().optional(),
  /** The provider's latest refusal, and its code. */
  refusedAt: z.string().optional(),
  refusedBy: z.string().optional(),
  version: z.number().optional(),
  /** For the table's own expiry, in seconds. Only a refusal expires: a word is kept for ever. */
  expireTs: z.number().optional(),
});

/** The key of what is known of an address. */
export const optOutIdOf = (tenantId: string, address: string): string =>
  `${tenantId}#${addressKey(address)}`;

const iso = (ms: number): string => new Date(ms).toISOString();

function wishOf(item: Item | undefined): Wish {
  if (item === undefined) return {};
  const { status, saidAt, source, refusedAt, refusedBy } = fromItem(itemSchema, item);
  return {
    ...(status && saidAt ? { word: { status, at: Date.parse(saidAt), source: source ?? '' } } : {}),
    ...(refusedAt ? { refusal: { at: Date.parse(refusedAt), source: refusedBy ?? '' } } : {}),
  };
}

function itemOf(optOutId: string, wish: Wish, version: number, rules: RefusalRules): Item {
  const { word, refusal } = wish;
  const item: z.infer<typeof itemSchema> = {
    optOutId,
    version,
    ...(word ? { status: word.status, saidAt: iso(word.at), source: word.source } : {}),
    ...(refusal ? { refusedAt: iso(refusal.at), refusedBy: refusal.source } : {}),
    ...(refusal && !word ? { expireTs: Math.ceil(refusalEnds(refusal, rules) / SECOND) } : {}),
  };
  return toItem(item);
}

/** The key of an item that keeps us from writing to its address; undefined for one that does not. */
export const optOutOf = (item: Item, rules: RefusalRules): string | undefined =>
  optedOutBy(wishOf(item), rules) && fromItem(itemSchema, item).optOutId;

/** Table `OptOuts`: key `opt_out_id`. */
export function optOuts(
  client: DynamoDBDocumentClient,
  table: string,
  rules: RefusalRules,
): OptOuts {
  const read = (optOutId: string) =>
    getItem(client, { dependency, table, key: { opt_out_id: optOutId } });

  /** Puts what `change` makes of the wish, unless it leaves it as it is or another was first. */
  const tryChange = async (optOutId: string, change: (wish: Wish) => Wish | undefined) => {
    const item = await read(optOutId);
    const next = change(wishOf(item));
    if (next === undefined) return true;
    const version = item && fromItem(itemSchema, item).version;
    return putIf(client, {
      dependency,
      table,
      key: 'opt_out_id',
      item: itemOf(optOutId, next, (version ?? 0) + 1, rules),
      ...(version === undefined
        ? { condition: 'attribute_not_exists(version)' }
        : { condition: 'version = :read', values: { ':read': version } }),
    });
  };
  const change = async (optOutId: string, how: (wish: Wish) => Wish | undefined) => {
    for (let tries = 0; tries < SWAP_TRIES; tries += 1) {
      if (await tryChange(optOutId, how)) return;
    }
    throw new Unavailable(dependency);
  };
  const say =
    (status: Word['status']) => (tenantId: string, address: string, source: string, at: number) =>
      change(optOutIdOf(tenantId, address), (wish) => withWord(wish, { status, at, source }));

  return {
    isOptedOut: async (tenantId, address) =>
      optedOutBy(wishOf(await read(optOutIdOf(tenantId, address))), rules) !== undefined,
    optOut: say('opted-out'),
    optIn: say('opted-in'),
    noteRefusal: (tenantId, address, source, at) =>
      change(optOutIdOf(tenantId, address), (wish) => withRefusal(wish, { at, source })),
    wishOf: async (tenantId, address) => wishOf(await read(optOutIdOf(tenantId, address))),
  };
}
