import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import { prefixedAddress } from '../../../domain/agents/contacts/address.ts';
import type { OpenRequest } from '../../../domain/agents/flex/engine.ts';
import { type Ask, path } from './api.ts';
import { firstPage, MAX_PAGES, metaSchema, nextPage } from './paging.ts';
import { ended, isNotFound, type Shown, shownOf } from './resource.ts';
import type { LegacySettings } from './settings.ts';

export type ProxySession = Shown & { readonly uniqueName: string; readonly isOpen: boolean };
type Page = { readonly sessions: readonly ProxySession[]; readonly next?: string };

const endedStatuses = new Set(['closed', 'failed']);

const sessionSchema = z
  .object({ sid: z.string(), unique_name: z.string().nullish(), status: z.string().nullish() })
  .catchall(z.unknown());
const sessionsSchema = z.object({ sessions: z.array(sessionSchema), meta: metaSchema });
const sessionOf = (session: z.infer<typeof sessionSchema>): ProxySession => ({
  ...shownOf(session),
  uniqueName: session.unique_name ?? '',
  isOpen: !endedStatuses.has(session.status ?? 'open'),
});

/** Proxy sessions, named after their chat channel. https://www.twilio.com/docs/proxy/api/session */
export type ProxySessions = {
  /** A page of sessions, and the query of the next one. */
  readonly page: (next: string | undefined, signal: AbortSignal) => Promise<Answered<Page>>;
  /** The open session of a chat channel. */
  readonly find: (
    channelSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<ProxySession | undefined>>;
  /** False once it is closed or deleted. */
  readonly isOpen: (sid: string, signal: AbortSignal) => Promise<Answered<boolean>>;
  readonly create: (
    channelSid: string,
    request: OpenRequest,
    signal: AbortSignal,
  ) => Promise<Answered<ProxySession>>;
  /** Closes and deletes a session. One that does not exist counts as done. */
  readonly remove: (sid: string, signal: AbortSignal) => Promise<Answered<null>>;
};

/** The channel and the customer, both behind the number of the tenant. */
function participantsOf(channelSid: string, { kind, from, to, toName }: OpenRequest): string {
  const shared = { ProxyIdentifier: prefixedAddress(kind, from), FriendlyName: toName };
  return JSON.stringify([
    { Identifier: prefixedAddress(kind, to), ...shared },
    { Identifier: channelSid, ...shared },
  ]);
}

export function proxySessions(ask: Ask<LegacySettings>): ProxySessions {
  const sessionsAt = (settings: LegacySettings) => ({
    base: settings.flex_proxy_api_url,
    path: path`/v1/Services/${settings.flex_proxy_service_sid}/Sessions`,
  });
  const sessionAt = (settings: LegacySettings, sid: string) => ({
    base: settings.flex_proxy_api_url,
    path: path`/v1/Services/${settings.flex_proxy_service_sid}/Sessions/${sid}`,
  });

  const page: ProxySessions['page'] = async (next, signal) => {
    const query = next ? Object.fromEntries(new URLSearchParams(next)) : firstPage;
    const answer = await ask(
      (settings) => ({ method: 'GET', ...sessionsAt(settings), query }),
      sessionsSchema,
      signal,
    );
    if (answer.kind !== 'done') return answer;
    const following = nextPage(answer.value.meta);
    return done({
      sessions: answer.value.sessions.map(sessionOf),
      ...(following ? { next: new URLSearchParams(following).toString() } : {}),
    });
  };

  return {
    page,
    find: async (channelSid, signal) => {
      let next: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages++) {
        const answer = await page(next, signal);
        if (answer.kind !== 'done') return answer;
        const found = answer.value.sessions.find(
          ({ uniqueName, isOpen }) => isOpen && uniqueName.startsWith(channelSid),
        );
        if (found !== undefined) return done(found);
        next = answer.value.next;
        if (next === undefined) break;
      }
      return done(undefined);
    },
    isOpen: async (sid, signal) => {
      const answer = await ask(
        (settings) => ({ method: 'GET', ...sessionAt(settings, sid) }),
        sessionSchema,
        signal,
      );
      if (isNotFound(answer)) return done(false);
      return answer.kind === 'done' ? done(sessionOf(answer.value).isOpen) : answer;
    },
    create: async (channelSid, request, signal) => {
      const form = {
        UniqueName: channelSid,
        Mode: 'message-only',
        Participants: participantsOf(channelSid, request),
      };
      const answer = await ask(
        (settings) => ({ method: 'POST', ...sessionsAt(settings), form }),
        sessionSchema,
        signal,
      );
      return answer.kind === 'done' ? done(sessionOf(answer.value)) : answer;
    },
    remove: async (sid, signal) => {
      const closed = await ask(
        (settings) => ({
          method: 'POST',
          ...sessionAt(settings, sid),
          form: { Status: 'closed' },
        }),
        z.unknown(),
        signal,
      );
      if (closed.kind !== 'done') return ended(closed);
      const removed = await ask(
        (settings) => ({ method: 'DELETE', ...sessionAt(settings, sid) }),
        z.unknown(),
        signal,
      );
      return ended(removed);
    },
  };
}
