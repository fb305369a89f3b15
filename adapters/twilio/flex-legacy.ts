import * as z from 'zod';
import { type Answered, done } from '../../domain/agents/answered.ts';
import { toTwilioAddress } from '../../domain/agents/contacts/address.ts';
import type {
  FlexFlow,
  LegacyApi,
  OpenRequest,
  ProxySession,
  Shown,
} from '../../domain/agents/flex/ports.ts';
import { type LegacySettings, legacySettings } from '../../domain/agents/settings.ts';
import { parseJson } from '../../domain/json.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { type AgentApi, type AgentApiCall, camelCase, path, withoutText } from './agent-api.ts';

const PAGE_SIZE = 100;
/** A list is read no further than this: an account has a handful of flows. */
const MAX_PAGES = 20;

const metaSchema = z.object({ next_page_url: z.string().nullish() }).loose().nullish();
const flowSchema = z.object({
  sid: z.string(),
  chat_service_sid: z.string(),
  contact_identity: z.string().nullish(),
  integration_type: z.string().nullish(),
  long_lived: z.boolean().nullish(),
});
const flowsSchema = z.object({ flex_flows: z.array(flowSchema), meta: metaSchema });
const resourceSchema = z.object({ sid: z.string() }).catchall(z.unknown());
const sessionSchema = z
  .object({ sid: z.string(), unique_name: z.string().nullish(), status: z.string().nullish() })
  .catchall(z.unknown());
const sessionsSchema = z.object({ sessions: z.array(sessionSchema), meta: metaSchema });
const chatChannelSchema = z.object({ attributes: z.string().nullish() });
const userChannelsSchema = z.object({
  channels: z.array(z.object({ channel_sid: z.string() })),
});
const attributesSchema = z.record(z.string(), z.unknown());

/** The query of the next page. Only that is taken of the link: credentials stay with the base of the secret. */
function nextPage(meta: z.infer<typeof metaSchema>): Record<string, string> | undefined {
  const link = meta?.next_page_url;
  return link
    ? Object.fromEntries(new URL(link, 'https://twilio.invalid').searchParams)
    : undefined;
}

const shownOf = (resource: z.infer<typeof resourceSchema>): Shown => ({
  sid: resource.sid,
  shown: camelCase(resource),
});
const sessionOf = (session: z.infer<typeof sessionSchema>): ProxySession => ({
  sid: session.sid,
  shown: camelCase(session),
  uniqueName: session.unique_name ?? null,
  status: session.status ?? 'open',
});
const attributesOf = (text: string | null | undefined): Record<string, unknown> =>
  attributesSchema.safeParse(parseJson(text || '{}')).data ?? {};

const notFound = (answer: Answered<unknown>): boolean =>
  answer.kind === 'refused' && answer.status === 404;

/** What is gone need not be ended. */
function ended(answer: Answered<unknown>): Answered<null> {
  return answer.kind === 'done' || notFound(answer) ? done(null) : answer;
}

function taskAttributes(request: OpenRequest): string {
  const { kind, from, to, toName, sourceChatChannelSid, targetWorkerSid } = request;
  return JSON.stringify({
    to: toTwilioAddress(kind, to),
    direction: 'outbound',
    name: toName,
    from: toTwilioAddress(kind, from),
    ...(sourceChatChannelSid ? { sourceChatChannelSid } : {}),
    ...(targetWorkerSid ? { targetWorkerSid } : {}),
  });
}

/** Flex Flows, Programmable Chat and Proxy. https://www.twilio.com/docs/flex/developer/messaging/legacy */
export function flexLegacy(api: AgentApi): LegacyApi {
  /** One call with the tenant's own base URLs; `where` builds it from them. */
  const ask = async <T>(
    secret: TenantSecret,
    where: (settings: LegacySettings) => AgentApiCall,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<Answered<T>> => {
    const read = legacySettings(secret);
    if (!read.ok) return { kind: 'refused', status: 500, code: 'secret-incomplete' };
    return api(secret, where(read.settings), schema, signal);
  };

  const flows = async (
    secret: TenantSecret,
    signal: AbortSignal,
  ): Promise<Answered<readonly z.infer<typeof flowSchema>[]>> => {
    const all: z.infer<typeof flowSchema>[] = [];
    let query: Record<string, string> | undefined = { PageSize: `${PAGE_SIZE}` };
    for (let page = 0; page < MAX_PAGES && query !== undefined; page++) {
      const at: Record<string, string> = query;
      const answer: Answered<z.infer<typeof flowsSchema>> = await ask(
        secret,
        ({ flex_api_url }) => ({
          method: 'GET',
          base: flex_api_url,
          path: '/v1/FlexFlows',
          query: at,
        }),
        flowsSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      all.push(...answer.value.flex_flows);
      query = nextPage(answer.value.meta);
    }
    return done(all);
  };

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

  const chatChannel = (service: string, channel: string) => (settings: LegacySettings) => ({
    method: 'GET' as const,
    base: settings.flex_chat_api_url,
    path: path`/v2/Services/${service}/Channels/${channel}`,
  });

  const sessionAt = (settings: LegacySettings, sid: string) => ({
    base: settings.flex_proxy_api_url,
    path: path`/v1/Services/${settings.flex_proxy_service_sid}/Sessions/${sid}`,
  });

  return {
    findFlow: async (secret, integration, number, signal) => {
      const answer = await flows(secret, signal);
      if (answer.kind !== 'done') return answer;
      const found = answer.value.find(
        (flow) => flow.integration_type === integration && flow.contact_identity === number,
      );
      if (found === undefined) return done(null);
      const flow: FlexFlow = {
        sid: found.sid,
        chatServiceSid: found.chat_service_sid,
        longLived: found.long_lived === true,
      };
      return done(flow);
    },
    createChannel: async (secret, flow, { identity, request }, signal) => {
      const { kind, to, toName, purpose } = request;
      const answer = await ask(
        secret,
        ({ flex_api_url }) => ({
          method: 'POST',
          base: flex_api_url,
          path: '/v1/Channels',
          form: {
            FlexFlowSid: flow.sid,
            Identity: identity,
            Target: toTwilioAddress(kind, to),
            ChatUserFriendlyName: toName,
            ChatFriendlyName: `SMS${to}`,
            ...(purpose === 'task' ? { TaskAttributes: taskAttributes(request) } : {}),
          },
        }),
        resourceSchema,
        signal,
      );
      return answer.kind === 'done' ? done(shownOf(answer.value)) : answer;
    },
    findChannel: async (secret, chatServiceSid, identity, signal) => {
      const answer = await ask(
        secret,
        ({ flex_chat_api_url }) => ({
          method: 'GET',
          base: flex_chat_api_url,
          path: path`/v2/Services/${chatServiceSid}/Users/${identity}/Channels`,
        }),
        userChannelsSchema,
        signal,
      );
      if (notFound(answer)) return done(null);
      if (answer.kind !== 'done') return answer;
      const sid = answer.value.channels[0]?.channel_sid;
      return done(sid === undefined ? null : { sid, shown: { sid } });
    },
    channelIsActive: async (secret, chatServiceSid, channelSid, signal) => {
      const at = chatChannel(chatServiceSid, channelSid);
      const answer = await ask(secret, at, chatChannelSchema, signal);
      if (notFound(answer)) return done(false);
      if (answer.kind !== 'done') return answer;
      return done(attributesOf(answer.value.attributes).status !== 'INACTIVE');
    },
    deactivateChannel: async (secret, chatServiceSid, channelSid, signal) => {
      const at = chatChannel(chatServiceSid, channelSid);
      const read = await ask(secret, at, chatChannelSchema, signal);
      if (notFound(read)) return done(null);
      if (read.kind !== 'done') return read;
      const attributes = { ...attributesOf(read.value.attributes), status: 'INACTIVE' };
      const answer = await ask(
        secret,
        (settings) => ({
          ...at(settings),
          method: 'POST',
          form: { Attributes: JSON.stringify(attributes) },
        }),
        z.unknown(),
        signal,
      );
      return ended(answer);
    },
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
    chatServiceSids: async (secret, signal) => {
      const answer = await flows(secret, signal);
      if (answer.kind !== 'done') return answer;
      return done([...new Set(answer.value.map((flow) => flow.chat_service_sid))]);
    },
    addMessage: async (secret, chatServiceSid, channelSid, body, signal) => {
      const answer = await ask(
        secret,
        ({ flex_chat_api_url }) => ({
          method: 'POST',
          base: flex_chat_api_url,
          path: path`/v2/Services/${chatServiceSid}/Channels/${channelSid}/Messages`,
          form: { Body: body },
        }),
        resourceSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      return done({ ...withoutText(camelCase(answer.value)), sid: answer.value.sid });
    },
  };
}
