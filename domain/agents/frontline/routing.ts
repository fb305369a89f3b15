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
  missing,
  missingFields,
  notDone,
  ok,
  wantRefresh,
} from './callback.ts';
import { MISS_INTERVAL } from './crm.ts';

/** A call that took a turn and came no further is followed by another after this time. */
const TURN_LEASE = 10 * SECOND;
/** A conversation that is routed again within this time keeps its worker. */
const KEPT_FOR = 7 * DAY;
const ADD_LIMIT = 3500;

const turnSchema = z.object({ worker: z.string().optional(), until: z.number() });

type Turn = { readonly kind: 'worker'; readonly worker: string } | { readonly kind: 'held' };

/**
 * The next worker of the pool, once per conversation: the conversation is claimed before a turn is
 * taken, so that a call that is repeated takes no second turn and the round stays fair.
 */
export async function takeTurn(
  deps: { readonly records: AgentRecords; readonly clock: FrontlineDeps['clock'] },
  tenantId: string,
  conversationSid: string,
  pool: readonly string[],
): Promise<Turn> {
  const id = `${tenantId}#routed#${conversationSid}`;
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
  // False only when this call slept through its lease and another has taken over.
  return (await deps.records.put(taken)) ? { kind: 'worker', worker } : { kind: 'held' };
}

/** The worker of the pool whose turn it is. */
async function workerFromPool(
  deps: FrontlineDeps,
  { secret, tenantId }: Callback,
  conversationSid: string,
): Promise<string> {
  const read = frontlineSettings(secret);
  if (!read.ok) throw new Refused(422, 'NO_WORKER', read.issue);
  const pool = read.settings.frontline_pool;
  if (pool.length === 0) {
    const why = 'The customer has no owner and frontline_pool is empty.';
    throw new Refused(422, 'NO_WORKER', why);
  }
  const turn = await takeTurn(deps, tenantId, conversationSid, pool);
  if (turn.kind === 'worker') return turn.worker;
  throw new Refused(503, 'BUSY', 'This conversation is being routed.', {
    headers: { 'retry-after': '1' },
  });
}

/** `routing`: an inbound conversation goes to the contact's owner, else to the pool in turn. */
export const routing: CallbackHandler = async (deps, callback) => {
  const { form, tenantId } = callback;
  const issues = missing(form, ['ConversationSid', 'MessagingBinding.Address']);
  if (issues.length > 0) throw missingFields(issues);
  const conversationSid = form.get('ConversationSid') ?? '';
  const number = phoneAddress(form.get('MessagingBinding.Address') ?? '')?.number;
  const contact = number === undefined ? undefined : await deps.copy.findByNumber(tenantId, number);
  if (contact === undefined) await wantRefresh(deps, tenantId, MISS_INTERVAL);
  const owner = contact && ownerOf(contact);
  const worker = owner ?? (await workerFromPool(deps, callback, conversationSid));
  const signal = deps.limit(ADD_LIMIT);
  const added = await callback.conversations.addWorker(conversationSid, worker, signal);
  if (added.kind !== 'done') throw notDone(deps, callback, added);
  return ok({});
};
