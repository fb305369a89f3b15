import { type Answered, done, type NotDone } from '../../domain/agents/answered.ts';
import type { ConversationsApi, Participant } from '../../domain/agents/frontline/ports.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

/** Conversations in memory. `failWith` answers every call so until it is cleared. */
export function fakeConversationsApi() {
  const participants = new Map<string, Participant[]>();
  const calls: string[] = [];
  let failure: ((secret: TenantSecret) => NotDone | undefined) | undefined;
  const of = (sid: string): Participant[] => {
    const found = participants.get(sid) ?? [];
    participants.set(sid, found);
    return found;
  };
  const answer = <T>(secret: TenantSecret, call: string, act: () => T): Answered<T> => {
    calls.push(call);
    return failure?.(secret) ?? done(act());
  };
  const port: ConversationsApi = {
    participants: async (secret, conversationSid) =>
      answer(secret, 'participants', () => [...of(conversationSid)]),
    addWorker: async (secret, conversationSid, identity) =>
      answer(secret, 'addWorker', () => {
        if (!of(conversationSid).some((one) => one.identity === identity)) {
          of(conversationSid).push({ sid: `MB${identity}`, identity, attributes: '{}' });
        }
        return null;
      }),
    setAttributes: async (secret, conversationSid, participantSid, attributes) =>
      answer(secret, 'setAttributes', () => {
        const all = of(conversationSid);
        const at = all.findIndex(({ sid }) => sid === participantSid);
        const found = all[at];
        if (found) all[at] = { ...found, attributes };
        return null;
      }),
  };
  return {
    ...port,
    calls,
    participantsOf: of,
    failWith: (next: ((secret: TenantSecret) => NotDone | undefined) | undefined) => {
      failure = next;
    },
  };
}
