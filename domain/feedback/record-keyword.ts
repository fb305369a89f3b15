import type { Observe } from '../observe.ts';
import type { OptOuts } from '../opt-outs/ports.ts';
import type { Reply } from './external-event-request.ts';

export type RecordKeywordDeps = {
  readonly optOuts: Pick<OptOuts, 'optOut' | 'optIn'>;
  readonly observe: Observe;
};

/** Whether a reply opts out or in. HELP changes nothing. */
export const saysStopOrStart = ({ optOut }: Reply): boolean =>
  optOut === 'STOP' || optOut === 'START';

/**
 * Records the STOP or START of a reply for a tenant: one read and one conditional write, repeated only
 * against another keyword of the same person. May be repeated: a message counts once. Resolves to
 * whether this message changed the person's mind; that is counted at the first try.
 */
export async function recordKeyword(
  reply: Reply,
  tenantId: string,
  { observe, optOuts }: RecordKeywordDeps,
  isFirstTry = true,
): Promise<boolean> {
  const { provider, optOut } = reply;
  const source = `${provider}:${optOut}${reply.isPhrase ? ' in a phrase' : ''}`;
  const say = optOut === 'STOP' ? optOuts.optOut : optOuts.optIn;
  const isChanged = await say(
    tenantId,
    reply.from,
    source,
    reply.receivedAt,
    reply.providerMessageId,
  );
  if (isChanged && isFirstTry && optOut === 'STOP') observe.count('opted_out', { provider });
  return isChanged;
}
