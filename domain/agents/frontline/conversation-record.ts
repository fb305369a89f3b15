import * as z from 'zod';
import { HOUR } from '../../clock.ts';
import { type Answered, done } from '../answered.ts';
import { phoneAddress } from '../contacts/address.ts';
import type { Callback, FrontlineDeps } from './callback.ts';
import type { Participant } from './ports.ts';

/**
 * The customers of a conversation are remembered for this long, so that most callbacks need not ask the
 * platform. Then it is asked again, in case that no callback reported a participant.
 */
const KEPT_FOR = 6 * HOUR;
/** For the first message of an unknown conversation: well within the 5 s that the platform waits. */
const ASK_LIMIT = 2500;

const recordSchema = z.object({ numbers: z.array(z.string()) });

const idOf = (tenantId: string, conversationId: string): string =>
  `${tenantId}#conversation#${conversationId}`;

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
 * Asks the platform who takes part, and remembers it. The version is read before the platform is asked, so
 * that an older answer never replaces a newer one. A call that loses the race asks again.
 */
export async function askParticipants(
  conversationId: string,
  callback: Callback,
  deps: FrontlineDeps,
): Promise<Answered<readonly Participant[]>> {
  const { tenantId, conversations } = callback;
  const signal = deps.limit(ASK_LIMIT);
  const id = idOf(tenantId, conversationId);
  for (;;) {
    const before = await deps.records.get(id);
    const answer = await conversations.participants(conversationId, signal);
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
  /** True if the platform was not asked just now. */
  readonly remembered: boolean;
};

/** The customers' numbers in a conversation: the remembered ones, otherwise those that the platform has now. */
export async function customersIn(
  conversationId: string,
  callback: Callback,
  deps: FrontlineDeps,
): Promise<Answered<Customers>> {
  const record = await deps.records.get(idOf(callback.tenantId, conversationId));
  if (record !== undefined && record.expiresAt > deps.clock()) {
    const read = recordSchema.safeParse(record.data);
    if (read.success) return done({ numbers: read.data.numbers, remembered: true });
  }
  const answer = await askParticipants(conversationId, callback, deps);
  return answer.kind === 'done'
    ? done({ numbers: numbersOf(answer.value), remembered: false })
    : answer;
}
