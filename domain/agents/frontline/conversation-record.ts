import * as z from 'zod';
import { HOUR } from '../../clock.ts';
import { type Answered, done } from '../answered.ts';
import { phoneAddress } from '../contacts/address.ts';
import type { Callback, FrontlineDeps } from './callback.ts';
import type { Participant } from './ports.ts';

/**
 * Who is written to in a conversation, remembered so that a pre-event callback need not ask Twilio.
 * Asked again after this time, for a participant whose coming we were not told.
 */
const KEPT_FOR = 6 * HOUR;
/** For the first message of a conversation that we know nothing of: well inside Twilio's 5 s. */
const ASK_LIMIT = 2500;

const recordSchema = z.object({ numbers: z.array(z.string()) });

const idOf = (tenantId: string, conversationSid: string): string =>
  `${tenantId}#conversation#${conversationSid}`;

/** The customers' numbers among the participants, each once. */
const numbersOf = (participants: readonly Participant[]): readonly string[] => [
  ...new Set(
    participants.flatMap(({ address }) => {
      const number = address === undefined ? undefined : phoneAddress(address)?.number;
      return number === undefined ? [] : [number];
    }),
  ),
];

/**
 * Asks Twilio who takes part, and remembers it. The version is read before Twilio is asked, so that an
 * older answer never replaces a newer one; whoever loses asks again.
 */
export async function askParticipants(
  deps: FrontlineDeps,
  callback: Callback,
  conversationSid: string,
): Promise<Answered<readonly Participant[]>> {
  const { tenantId, conversations } = callback;
  const signal = deps.limit(ASK_LIMIT);
  const id = idOf(tenantId, conversationSid);
  for (;;) {
    const before = await deps.records.get(id);
    const answer = await conversations.participants(conversationSid, signal);
    if (answer.kind !== 'done') return answer;
    const stored = await deps.records.put({
      id,
      version: (before?.version ?? 0) + 1,
      data: { numbers: numbersOf(answer.value) },
      expiresAt: deps.clock() + KEPT_FOR,
    });
    if (stored || signal.aborted) return answer;
  }
}

export type Customers = {
  readonly numbers: readonly string[];
  /** True when Twilio was not asked just now. */
  readonly remembered: boolean;
};

/** The customers' numbers in a conversation: as remembered, else from Twilio. */
export async function customersIn(
  deps: FrontlineDeps,
  callback: Callback,
  conversationSid: string,
): Promise<Answered<Customers>> {
  const record = await deps.records.get(idOf(callback.tenantId, conversationSid));
  if (record !== undefined && record.expiresAt > deps.clock()) {
    const read = recordSchema.safeParse(record.data);
    if (read.success) return done({ numbers: read.data.numbers, remembered: true });
  }
  const answer = await askParticipants(deps, callback, conversationSid);
  return answer.kind === 'done'
    ? done({ numbers: numbersOf(answer.value), remembered: false })
    : answer;
}
