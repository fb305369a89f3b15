import type { HttpAnswer } from '../../http.ts';
import type { FlexCall, FlexDeps } from './call.ts';
import type { FlexSessions, LeftOpen, SessionPage } from './engine.ts';
import { FlexRefused, failedStep } from './flex-refused.ts';

/** API Gateway waits 30 s; sessions that are left are for the next call. */
const TIME_FOR_ALL = 20_000;
const TIME_FOR_ONE = 5000;

type Closing = {
  closed: number;
  readonly leftOpen: LeftOpen[];
  /** True if sessions are left for another call. */
  more: boolean;
};

/** Ends the sessions of a page until time is up. One that cannot be ended is listed. */
async function closePage(
  sids: readonly string[],
  closing: Closing,
  call: { readonly sessions: FlexSessions; readonly until: number },
  deps: FlexDeps,
): Promise<void> {
  for (const sid of sids) {
    if (deps.clock() > call.until) {
      closing.more = true;
      return;
    }
    if (await call.sessions.end(sid, deps.limit(TIME_FOR_ONE))) closing.closed += 1;
    else closing.leftOpen.push({ kind: 'proxySession', sid });
  }
}

/**
 * `DELETE /flex/{tenantId}/proxy-sessions`: ends every session and its chat. A session that cannot be ended
 * is listed and does not stop the others; `more` asks for another call.
 */
export async function closeSessions(
  { tenantId, tenant }: FlexCall,
  deps: FlexDeps,
): Promise<HttpAnswer> {
  const read = deps.flex.sessionsOf(tenant);
  if (!read.ok) throw new FlexRefused(422, read.issue);
  const sessions = read.settings;
  const until = deps.clock() + TIME_FOR_ALL;
  const closing: Closing = { closed: 0, leftOpen: [], more: false };
  let next: string | undefined;
  do {
    const page: SessionPage = await sessions.page(next, deps.limit(TIME_FOR_ONE));
    if (page.kind === 'failed') {
      const { closed, leftOpen } = closing;
      if (closed + leftOpen.length === 0) {
        throw failedStep(`Failed to list ${page.step}`, page.why);
      }
      closing.more = true;
      break;
    }
    await closePage(page.sids, closing, { sessions, until }, deps);
    next = page.next;
  } while (!closing.more && next !== undefined);
  deps.observe.info('proxy sessions closed', { tenantId, count: closing.closed });
  return {
    status: 200,
    body: { message: `${closing.closed} sessions cleaned up`, ...closing },
  };
}
