import type { HttpAnswer } from '../../http.ts';
import { legacySettings } from '../settings.ts';
import { failure, notDoneAnswer } from './answers.ts';
import type { FlexCall, FlexDeps } from './call.ts';
import type { LeftOpen, ProxySession } from './engine.ts';

/** The rest is for the next call: API Gateway waits 30 s. */
const TIME_FOR_ALL = 20_000;
const TIME_FOR_ONE = 5000;

/** A session's unique name begins with the sid of its chat channel. */
const channelOf = ({ uniqueName }: ProxySession): string | undefined =>
  /^CH[0-9a-zA-Z]{32}/.exec(uniqueName ?? '')?.[0];

/**
 * `DELETE /flex/{tenantId}/proxy-sessions`: ends every chat channel that has a Proxy session, and the
 * session. One that cannot be ended is named and does not stop the rest; `more` asks for another call.
 */
export async function closeSessions(
  deps: FlexDeps,
  { tenantId, secret }: FlexCall,
): Promise<HttpAnswer> {
  const read = legacySettings(secret);
  if (!read.ok) return failure(422, read.issue);
  const until = deps.clock() + TIME_FOR_ALL;
  const services = await deps.legacy.chatServiceSids(secret, deps.limit(TIME_FOR_ONE));
  if (services.kind !== 'done') return notDoneAnswer('Failed to list Flex Flows', services);

  /** The session's channel may be of any of the account's chat services; one that is gone is no obstacle. */
  const closeOne = async (session: ProxySession): Promise<boolean> => {
    const signal = deps.limit(TIME_FOR_ONE);
    const channel = channelOf(session);
    for (const service of channel === undefined ? [] : services.value) {
      const off = await deps.legacy.deactivateChannel(secret, service, channel ?? '', signal);
      if (off.kind !== 'done') return false;
    }
    return (await deps.legacy.removeSession(secret, session.sid, signal)).kind === 'done';
  };

  let closed = 0;
  const leftOpen: LeftOpen[] = [];
  let pageToken: string | undefined;
  let more = false;
  do {
    const page = await deps.legacy.sessions(secret, pageToken, deps.limit(TIME_FOR_ONE));
    if (page.kind !== 'done') {
      if (closed + leftOpen.length === 0) return notDoneAnswer('Failed to list sessions', page);
      more = true;
      break;
    }
    for (const session of page.value.sessions) {
      if (deps.clock() > until) {
        more = true;
        break;
      }
      if (await closeOne(session)) closed += 1;
      else leftOpen.push({ kind: 'proxySession', sid: session.sid });
    }
    pageToken = page.value.next;
  } while (!more && pageToken !== undefined);
  deps.observe.info('proxy sessions closed', { tenantId, count: closed });
  return {
    status: 200,
    body: { message: `${closed} sessions cleaned up`, closed, leftOpen, more },
  };
}
