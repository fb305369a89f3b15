import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SECOND } from '../../domain/clock.ts';
import {
  changedBy,
  erasureEnds,
  optedOutBy,
  type Preference,
  type RefusalRules,
  refusalEnds,
  type Statement,
  withErasure,
  withRefusal,
  withStatement,
} from '../../domain/opt-outs/opt-out.ts';
import type { OptOutRegister, OptOuts } from '../../domain/opt-outs/ports.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import { swapUntil } from '../../domain/swap-until.ts';
import { fromItem, type Item, toItem } from './items.ts';
import type { OptOutHistory } from './opt-out-history.ts';
import { getItem, putIf } from './put-if.ts';

const dependency = 'opt-outs';

/** One thing that was said before the latest. */
const earlierSchema = z.object({
  status: z.enum(['opted-out', 'opted-in']),
  said_at: z.string(),
  source: z.string(),
  message_id: z.string().optional(),
});

/** What an item holds of an address's preference. Times are ISO 8601 in UTC with milliseconds. */
const itemSchema = z.object({
  /** `{tenantId}#{key of the address}` */
  optOutId: z.string(),
  /** The latest statement, when it was said, and its source; not set where only a provider refused. */
  status: z.enum(['opted-out', 'opted-in']).optional(),
  saidAt: z.string().optional(),
  source: z.string().optional(),
  /** The provider's id of the message that said it, and what the last few before it said. */
  messageId: z.string().optional(),
  earlier: z.array(earlierSchema).optional(),
  /** The provider's latest refusal, and its code. */
  refusedAt: z.string().optional(),
  refusedBy: z.string().optional(),
  erasedAt: z.string().optional(),
  version: z.number().optional(),
  /** For the table's own expiry, in seconds. Refusals and marks expire: a statement is kept for ever. */
  expireTs: z.number().optional(),
});

/** The key of what is known of an address. */
export const optOutIdOf = (tenantId: string, address: string): string =>
  `${tenantId}#${addressKey(address)}`;

const iso = (ms: number): string => new Date(ms).toISOString();

type Said = z.infer<typeof earlierSchema>;

const statementOf = ({ status, said_at, source, message_id }: Said): Statement => ({
  status,
  at: Date.parse(said_at),
  source,
  ...(message_id === undefined ? {} : { messageId: message_id }),
});

const saidOf = ({ status, at, source, messageId }: Statement): Said => ({
  status,
  said_at: iso(at),
  source,
  ...(messageId === undefined ? {} : { message_id: messageId }),
});

function preferenceOf(item: Item | undefined): Preference {
  if (item === undefined) return {};
  const read = fromItem(itemSchema, item);
  const { status, saidAt, source = '', messageId, earlier, refusedAt, refusedBy = '' } = read;
  const { erasedAt } = read;
  return {
    ...(status && saidAt
      ? { statement: statementOf({ status, said_at: saidAt, source, message_id: messageId }) }
      : {}),
    ...(earlier ? { earlier: earlier.map(statementOf) } : {}),
    ...(refusedAt ? { refusal: { at: Date.parse(refusedAt), source: refusedBy } } : {}),
    ...(erasedAt ? { erasedAt: Date.parse(erasedAt) } : {}),
  };
}

function itemOf(
  optOutId: string,
  preference: Preference,
  version: number,
  rules: RefusalRules,
): Item {
  const { statement, earlier, refusal, erasedAt } = preference;
  const ends = Math.max(
    refusal ? refusalEnds(refusal, rules) : 0,
    erasedAt ? erasureEnds(erasedAt) : 0,
  );
  const item: z.infer<typeof itemSchema> = {
    optOutId,
    version,
    ...(statement
      ? { status: statement.status, saidAt: iso(statement.at), source: statement.source }
      : {}),
    ...(statement?.messageId === undefined ? {} : { messageId: statement.messageId }),
    ...(earlier ? { earlier: earlier.map(saidOf) } : {}),
    ...(refusal ? { refusedAt: iso(refusal.at), refusedBy: refusal.source } : {}),
    ...(erasedAt ? { erasedAt: iso(erasedAt) } : {}),
    ...(statement ? {} : { expireTs: Math.ceil(ends / SECOND) }),
  };
  return toItem(item);
}

/** The key of an item that keeps us from writing to its address; undefined for one that does not. */
export const optOutOf = (item: Item, rules: RefusalRules): string | undefined =>
  optedOutBy(preferenceOf(item), rules) && fromItem(itemSchema, item).optOutId;

/** The statement of an item that counts now, with the item's key. */
export function standingOf(item: Item): { optOutId: string; statement: Statement } | undefined {
  const { statement } = preferenceOf(item);
  return statement && { optOutId: fromItem(itemSchema, item).optOutId, statement };
}

/** Table `OptOuts`: key `opt_out_id`. With a history, each new statement is added to it before it takes effect. */
export function optOuts(
  client: DynamoDBDocumentClient,
  table: string,
  rules: RefusalRules,
  history?: Pick<OptOutHistory, 'append'>,
): OptOuts & Pick<OptOutRegister, 'record'> {
  const read = (optOutId: string) =>
    getItem(client, { dependency, table, key: { opt_out_id: optOutId } });

  /** Stores what `change` makes of the preference, and answers what counts then; undefined when another writer was first. */
  const tryChange = async (
    optOutId: string,
    change: (preference: Preference) => Preference | undefined,
    prepare: () => Promise<void>,
  ): Promise<Preference | undefined> => {
    const item = await read(optOutId);
    const preference = preferenceOf(item);
    const next = change(preference);
    if (next === undefined) return preference;
    await prepare();
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
  const change = (
    optOutId: string,
    how: (preference: Preference) => Preference | undefined,
    prepare = async (): Promise<void> => {},
  ): Promise<Preference> => swapUntil(dependency, () => tryChange(optOutId, how, prepare));

  const state = async (tenantId: string, address: string, statement: Statement, note?: string) => {
    const id = optOutIdOf(tenantId, address);
    let isNew = false;
    const preference = await change(
      id,
      (known) => withStatement(known, statement),
      async () => {
        isNew = true;
        await history?.append(id, tenantId, { ...statement, note });
      },
    );
    return { preference, isNew };
  };
  const say =
    (status: Statement['status']): OptOuts['optOut'] =>
    async (tenantId, address, source, at, messageId) => {
      const { preference } = await state(tenantId, address, { status, at, source, messageId });
      return messageId !== undefined && changedBy(preference, messageId);
    };

  return {
    isOptedOut: async (tenantId, address) =>
      optedOutBy(preferenceOf(await read(optOutIdOf(tenantId, address))), rules) !== undefined,
    optOut: say('opted-out'),
    optIn: say('opted-in'),
    noteRefusal: async (tenantId, address, source, at) => {
      await change(optOutIdOf(tenantId, address), (preference) =>
        withRefusal(preference, { at, source }),
      );
    },
    stateOf: async (tenantId, address) => {
      const preference = preferenceOf(await read(optOutIdOf(tenantId, address)));
      return {
        isOptedOut: optedOutBy(preference, rules) !== undefined,
        erasedAt: preference.erasedAt,
      };
    },
    markErased: async (tenantId, address, at) => {
      await change(optOutIdOf(tenantId, address), (preference) => withErasure(preference, at));
    },
    preferenceOf: async (tenantId, address) =>
      preferenceOf(await read(optOutIdOf(tenantId, address))),
    record: async (tenantId, address, statement, note) => {
      const { isNew } = await state(tenantId, address, statement, note);
      return isNew ? 'recorded' : 'known';
    },
  };
}
