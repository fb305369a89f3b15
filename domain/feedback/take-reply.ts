import { SECOND } from '../clock.ts';
import type { Reading } from '../opt-outs/keyword.ts';
import { Unavailable } from '../unavailable.ts';
import type { Reply } from './external-event-request.ts';
import { type PersonDeps, personOf } from './person-of.ts';
import type { EventQueue } from './ports.ts';
import { type RecordKeywordDeps, recordKeyword, saysStopOrStart } from './record-keyword.ts';

export type TakeReplyDeps = RecordKeywordDeps & {
  readonly queue: EventQueue;
  /** Needed where a route names no tenant: then the person says whose reply it is. */
  readonly person?: PersonDeps | undefined;
  /** A signal that aborts after so many ms. */
  readonly limit: (ms: number) => AbortSignal;
};

/** So long a keyword may take to be recorded before the webhook leaves it to the queue. */
const RECORD_LIMIT_MS = 2 * SECOND;

/**
 * `isChange`: the reply was a keyword that changed the person's mind, and it is on record for `tenantId`.
 * True again for the same message when it is delivered again.
 */
export type Taken = { readonly isChange: boolean; readonly tenantId: string };

/**
 * Takes a reply over from its provider. A STOP or START is on record before the provider has its answer,
 * so that nothing which waits on a queue can hold it up; where that fails, the injector records it from
 * the queue. Throws `Unavailable` when the queue cannot take the reply: then the provider repeats it.
 */
export async function takeReply(reply: Reply, deps: TakeReplyDeps): Promise<Taken> {
  const recorded = saysStopOrStart(reply) ? await recordNow(reply, deps) : undefined;
  const { observe, queue } = deps;
  await queue.enqueue(recorded ? { ...reply, recordedFor: recorded.tenantId } : reply);
  observe.count('reply', { provider: reply.provider });
  if (reply.isPhrase) {
    observe.count('opt_out_phrase', { provider: reply.provider });
    observe.warn('a reply may be an opt-out: review it', {
      tenantId: reply.tenantId,
      guid: reply.key,
      provider: reply.provider,
      status: reply.optOut === 'STOP' ? 'opted out' : 'not opted out',
    });
  }
  return recorded ?? { isChange: false, tenantId: reply.tenantId };
}

/** What a text was read as, as a reply carries it. */
export const saidBy = ({ keyword, isPhrase }: Reading): Pick<Reply, 'optOut' | 'isPhrase'> => ({
  ...(keyword ? { optOut: keyword } : {}),
  ...(isPhrase ? { isPhrase } : {}),
});

async function recordNow(reply: Reply, deps: TakeReplyDeps): Promise<Taken | undefined> {
  const record = async () => {
    const found =
      reply.tenantFrom === 'default' && deps.person
        ? await personOf(reply, deps.person)
        : undefined;
    const tenantId = found?.tenantId ?? reply.tenantId;
    return { tenantId, isChange: await recordKeyword(reply, tenantId, deps) };
  };
  try {
    return await within(record(), deps.limit(RECORD_LIMIT_MS));
  } catch {
    deps.observe.warn('keyword left to the queue', {
      tenantId: reply.tenantId,
      guid: reply.key,
      provider: reply.provider,
    });
    return undefined;
  }
}

/** The result, or `Unavailable` once the signal ends. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      const late = () => reject(new Unavailable('opt-outs'));
      if (signal.aborted) late();
      else signal.addEventListener('abort', late, { once: true });
    }),
  ]);
}
