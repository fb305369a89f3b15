import { type Answered, done, isRejected, type NotDone } from '../../domain/agents/answered.ts';
import type {
  Conversations,
  ConversationsOf,
  Participant,
} from '../../domain/agents/frontline/ports.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

/** Conversations in memory. `failWith` answers every call so until it is cleared. */
export function fakeConversationsApi() {
  const participants = new Map<string, Participant[]>();
  const calls: string[] = [];
  let failure: ((secret: TenantSecret) => NotDone | undefined) | undefined;
  const participantsOf = (id: string): Participant[] => {
    const found = participants.get(id) ?? [];
    participants.set(id, found);
    return found;
  };
  const of: ConversationsOf = (credentials): Conversations => {
    const answer = <T>(call: string, act: () => T): Promise<Answered<T>> =>
      credentials(async (secret): Promise<Answered<T>> => {
        calls.push(call);
        return failure?.(secret) ?? done(act());
      }, isRejected);
    return {
      participants: (conversationId) =>
        answer('participants', () => [...participantsOf(conversationId)]),
      addWorker: (conversationId, identity) =>
        answer('addWorker', () => {
          if (!participantsOf(conversationId).some((one) => one.identity === identity)) {
            participantsOf(conversationId).push({
              id: `MB${identity}`,
              identity,
              attributes: '{}',
            });
          }
          return null;
        }),
      setAttributes: ({ conversationId, participantId }, attributes) =>
        answer('setAttributes', () => {
          const all = participantsOf(conversationId);
          const at = all.findIndex(({ id }) => id === participantId);
          const found = all[at];
          if (found) all[at] = { ...found, attributes };
          return null;
        }),
    };
  };
  return {
    of,
    calls,
    participantsOf,
    failWith: (next: ((secret: TenantSecret) => NotDone | undefined) | undefined) => {
      failure = next;
    },
  };
}
