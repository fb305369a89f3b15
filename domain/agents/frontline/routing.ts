import * as z from 'zod';
import { DAY, SECOND } from '../../clock.ts';
import { Refused } from '../../refused.ts';
import type { AgentRecords } from '../agent-records.ts';
import { phoneAddress } from '../contacts/address.ts';
import { ownerOf } from '../contacts/contact.ts';
import { frontlineSettings } from '../settings.ts';
import {
  type Callback,
  type CallbackHandler,
  type FrontlineDeps,
  notDone,
  ok,
  requireFields,
} from './callback.ts';
import { requestRefresh } from './contacts-age.ts';

/** After this time, another call takes over from one that took a turn and died. */
const TURN_LEASE = 10 * SECOND;
/** A conversation that is routed again within this time keeps its worker. */
const KEPT_FOR = 7 * DAY;
const ADD_LIMIT = 3500;

const turnSchema = z.object({ worker: z.string().optional(), until: z.number() });

type Turn = { readonly kind: 'worker'; readonly worker: string } | { readonly kind: 'held' };

/**
 * The next worker of the pool, once per conversation. The conversation is claimed before a turn is taken, so
 * that a repeated call takes no second turn and the turns stay fair.
 */
async function takeTurn(
  deps: { readonly records: AgentRecords; readonly clock: FrontlineDeps['clock'] },
  tenantId: string,
  conversationId: string,
  pool: readonly string[],
): Promise<Turn> {
  const id = `${tenantId}#routed#${conversationId}`;
  const record = await deps.records.get(id);
  const turn = turnSchema.safeParse(record?.data).data;
  if (turn?.worker !== undefined && pool.includes(turn.worker)) {
    return { kind: 'worker', worker: turn.worker };
  }
  const now = deps.clock();
  if (turn !== undefined && turn.worker === undefined && turn.until > now) return { kind: 'held' };
  const version = (record?.version ?? 0) + 1;
  const expiresAt = now + KEPT_FOR;
  const claim = { id, version, expiresAt, data: { until: now + TURN_LEASE } };
  if (!(await deps.records.put(claim))) return { kind: 'held' };
  const turns = await deps.records.next(`${tenantId}#pool`);
  const worker = pool[(turns - 1) % pool.length];
  if (worker === undefined) return { kind: 'held' };
  const taken = { ...claim, version: version + 1, data: { worker, until: now } };
  // False only if this call outlived its lease and another has taken over.
  return (await deps.records.put(taken)) ? { kind: 'worker', worker } : { kind: 'held' };
}

/** The worker of the pool whose turn it is. */
async function workerFromPool(
  conversationId: string,
  { secret, tenantId }: Callback,
  deps: FrontlineDeps,
): Promise<string> {
  const read = frontlineSettings(secret);
  if (!read.ok) throw new Refused(422, 'NO_WORKER', read.issue);
  const pool = read.settings.frontline_pool;
  if (pool.length === 0) {
    const why = 'The customer has no owner and frontline_pool is empty.';
    throw new Refused(422, 'NO_WORKER', why);
  }
  const turn = await takeTurn(deps, tenantId, conversationId, pool);
  if (turn.kind === 'worker') return turn.worker;
  throw new Refused(503, 'BUSY', 'This conversation is being routed.', {
    headers: { 'retry-after': '1' },
  });
}

/** An inbound conversation goes to the contact's owner, otherwise to the workers of the pool in turn. */
export const routeConversation: CallbackHandler = async (callback, deps) => {
  const { conversations, field, tenantId } = callback;
  requireFields(callback, ['conversationId', 'address']);
  const conversationId = field('conversationId');
  const number = phoneAddress(field('address'))?.number;
  const contact = number === undefined ? undefined : await deps.copy.findByNumber(tenantId, number);
  if (contact === undefined) await requestRefresh(callback, deps);
  const owner = contact && ownerOf(contact);
  const worker = owner ?? (await workerFromPool(conversationId, callback, deps));
  const added = await conversations.addWorker(conversationId, worker, deps.limit(ADD_LIMIT));
  if (added.kind !== 'done') throw notDone(callback, added, deps);
  return ok({});
};
