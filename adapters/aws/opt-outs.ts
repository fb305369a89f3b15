import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SECOND } from '../../domain/clock.ts';
import {
  changedBy,
  optedOutBy,
  type RefusalRules,
  refusalEnds,
  type Wish,
  type Word,
  withRefusal,
  withWord,
} from '../../domain/opt-outs/opt-out.ts';
import type { OptOuts } from '../../domain/opt-outs/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { swapUntil } from '../../domain/swap-until.ts';
import { fromItem, type Item, toItem } from './items.ts';
import { getItem, putIf } from './put-if.ts';

const dependency = 'opt-outs';

/** One thing that was said before the latest. */
const earlierSchema = z.object({
  status: z.enum(['opted-out', 'opted-in']),
  said_at: z.string(),
  source: z.string(),
  message_id: z.string().optional(),
});

/** What an item holds of an address's wish. Times are ISO 8601 in UTC with milliseconds. */
const itemSchema = z.object({
  /** `{tenantId}#{key of the address}` */
  optOutId: z.string(),
  /** The latest word, when it was said, and who told us; not set where only a provider refused. */
  status: z.enum(['opted-out', 'opted-in']).optional(),
  saidAt: z.string().optional(),
  source: z.string().optional(),
  /** The provider's id of the message that said it, and what the last few before it said. */
  messageId: z.string().optional(),
  earlier: z.array(earlierSchema).optional(),
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

type Said = z.infer<typeof earlierSchema>;

const wordOf = ({ status, said_at, source, message_id }: Said): Word => ({
  status,
  at: Date.parse(said_at),
  source,
  ...(message_id === undefined ? {} : { messageId: message_id }),
});

const saidOf = ({ status, at, source, messageId }: Word): Said => ({
  status,
  said_at: iso(at),
  source,
  ...(messageId === undefined ? {} : { message_id: messageId }),
});

function wishOf(item: Item | undefined): Wish {
  if (item === undefined) return {};
  const read = fromItem(itemSchema, item);
  const { status, saidAt, source = '', messageId, earlier, refusedAt, refusedBy = '' } = read;
  return {
    ...(status && saidAt
      ? { word: wordOf({ status, said_at: saidAt, source, message_id: messageId }) }
      : {}),
    ...(earlier ? { earlier: earlier.map(wordOf) } : {}),
    ...(refusedAt ? { refusal: { at: Date.parse(refusedAt), source: refusedBy } } : {}),
  };
}

function itemOf(optOutId: string, wish: Wish, version: number, rules: RefusalRules): Item {
  const { word, earlier, refusal } = wish;
  const item: z.infer<typeof itemSchema> = {
    optOutId,
    version,
    ...(word ? { status: word.status, saidAt: iso(word.at), source: word.source } : {}),
    ...(word?.messageId === undefined ? {} : { messageId: word.messageId }),
    ...(earlier ? { earlier: earlier.map(saidOf) } : {}),
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

  /** Puts what `change` makes of the wish, unless it leaves it as it is or another was first. Gives what stands. */
  const tryChange = async (optOutId: string, change: (wish: Wish) => Wish | undefined) => {
    const item = await read(optOutId);
    const wish = wishOf(item);
    const next = change(wish);
    if (next === undefined) return wish;
    const version = item && fromItem(itemSchema, item).version;
    const isPut = await putIf(client, {
      dependency,
      table,
      key: 'opt_out_id',
      item: itemOf(optOutId, next, (version ?? 0) + 1, rules),
      ...(version === undefined
        ? { condition: 'attribute_not_exists(version)' }
        : { condition: 'version = :read', values: { ':read': version } }),
    });
    return isPut ? next : undefined;
  };
  const change = (optOutId: string, how: (wish: Wish) => Wish | undefined): Promise<Wish> =>
    swapUntil(dependency, () => tryChange(optOutId, how));
  const say =
    (status: Word['status']): OptOuts['optOut'] =>
    async (tenantId, address, source, at, messageId) => {
      const word = { status, at, source, ...(messageId === undefined ? {} : { messageId }) };
      const wish = await change(optOutIdOf(tenantId, address), (known) => withWord(known, word));
      return messageId !== undefined && changedBy(wish, messageId);
    };

  return {
    isOptedOut: async (tenantId, address) =>
      optedOutBy(wishOf(await read(optOutIdOf(tenantId, address))), rules) !== undefined,
    optOut: say('opted-out'),
    optIn: say('opted-in'),
    noteRefusal: async (tenantId, address, source, at) => {
      await change(optOutIdOf(tenantId, address), (wish) => withRefusal(wish, { at, source }));
    },
    wishOf: async (tenantId, address) => wishOf(await read(optOutIdOf(tenantId, address))),
  };
}
