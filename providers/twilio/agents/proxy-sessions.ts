import * as z from 'zod';
import { done } from '../../../domain/agents/answered.ts';
import { toTwilioAddress } from '../../../domain/agents/contacts/address.ts';
import type { LegacyApi, ProxySession } from '../../../domain/agents/flex/engine.ts';
import type { LegacySettings } from '../../../domain/agents/settings.ts';
import { camelCase, path } from './api.ts';
import {
  ended,
  type LegacyCall,
  MAX_PAGES,
  metaSchema,
  nextPage,
  notFound,
  PAGE_SIZE,
} from './paging.ts';

const sessionSchema = z
  .object({ sid: z.string(), unique_name: z.string().nullish(), status: z.string().nullish() })
  .catchall(z.unknown());
const sessionsSchema = z.object({ sessions: z.array(sessionSchema), meta: metaSchema });
const sessionOf = (session: z.infer<typeof sessionSchema>): ProxySession => ({
  sid: session.sid,
  shown: camelCase(session),
  uniqueName: session.unique_name ?? null,
  status: session.status ?? 'open',
});
/** Proxy sessions. https://www.twilio.com/docs/proxy/api/session */
export function proxySessions(
  ask: LegacyCall,
): Pick<LegacyApi, 'findSession' | 'session' | 'createSession' | 'removeSession' | 'sessions'> {
  const sessions: LegacyApi['sessions'] = async (secret, pageToken, signal) => {
    const answer = await ask(
      secret,
      (settings) => ({
        method: 'GET',
        base: settings.flex_proxy_api_url,
        path: path`/v1/Services/${settings.flex_proxy_service_sid}/Sessions`,
        query: pageToken
          ? Object.fromEntries(new URLSearchParams(pageToken))
          : { PageSize: `${PAGE_SIZE}` },
      }),
      sessionsSchema,
      signal,
    );
    if (answer.kind !== 'done') return answer;
    const next = nextPage(answer.value.meta);
    return done({
      sessions: answer.value.sessions.map(sessionOf),
      ...(next ? { next: new URLSearchParams(next).toString() } : {}),
    });
  };

  const sessionAt = (settings: LegacySettings, sid: string) => ({
    base: settings.flex_proxy_api_url,
    path: path`/v1/Services/${settings.flex_proxy_service_sid}/Sessions/${sid}`,
  });

  return {
    findSession: async (secret, channelSid, signal) => {
      let pageToken: string | undefined;
      for (let page = 0; page < MAX_PAGES; page++) {
        const answer = await sessions(secret, pageToken, signal);
        if (answer.kind !== 'done') return answer;
        const found = answer.value.sessions.find(
          ({ uniqueName, status }) =>
            uniqueName?.startsWith(channelSid) && status !== 'closed' && status !== 'failed',
        );
        if (found !== undefined) return done(found);
        pageToken = answer.value.next;
        if (pageToken === undefined) break;
      }
      return done(null);
    },
    session: async (secret, sessionSid, signal) => {
      const answer = await ask(
        secret,
        (settings) => ({ method: 'GET', ...sessionAt(settings, sessionSid) }),
        sessionSchema,
        signal,
      );
      if (notFound(answer)) return done(null);
      return answer.kind === 'done' ? done(sessionOf(answer.value)) : answer;
    },
    createSession: async (secret, channelSid, request, signal) => {
      const { kind, from, to, toName } = request;
      const proxy = toTwilioAddress(kind, from);
      const answer = await ask(
        secret,
        (settings) => ({
          method: 'POST',
          base: settings.flex_proxy_api_url,
          path: path`/v1/Services/${settings.flex_proxy_service_sid}/Sessions`,
          form: {
            UniqueName: channelSid,
            Mode: 'message-only',
            Participants: JSON.stringify([
              {
                Identifier: toTwilioAddress(kind, to),
                ProxyIdentifier: proxy,
                FriendlyName: toName,
              },
              { Identifier: channelSid, ProxyIdentifier: proxy, FriendlyName: toName },
            ]),
          },
        }),
        sessionSchema,
        signal,
      );
      return answer.kind === 'done' ? done(sessionOf(answer.value)) : answer;
    },
    removeSession: async (secret, sessionSid, signal) => {
      const closed = await ask(
        secret,
        (settings) => ({
          method: 'POST',
          ...sessionAt(settings, sessionSid),
          form: { Status: 'closed' },
        }),
        z.unknown(),
        signal,
      );
      if (notFound(closed)) return done(null);
      if (closed.kind !== 'done') return closed;
      const removed = await ask(
        secret,
        (settings) => ({ method: 'DELETE', ...sessionAt(settings, sessionSid) }),
        z.unknown(),
        signal,
      );
      return ended(removed);
    },
    sessions,
  };
}
