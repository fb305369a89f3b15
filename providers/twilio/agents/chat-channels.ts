import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import { toTwilioAddress } from '../../../domain/agents/contacts/address.ts';
import type { FlexFlow, LegacyApi, OpenRequest, Shown } from '../../../domain/agents/flex/engine.ts';
import type { LegacySettings } from '../../../domain/agents/settings.ts';
import { parseJson } from '../../../domain/json.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { camelCase, path, withoutText } from './api.ts';
import {
  ended,
  type LegacyCall,
  MAX_PAGES,
  metaSchema,
  nextPage,
  notFound,
  PAGE_SIZE,
  resourceSchema,
} from './paging.ts';

const flowSchema = z.object({
  sid: z.string(),
  chat_service_sid: z.string(),
  contact_identity: z.string().nullish(),
  integration_type: z.string().nullish(),
  long_lived: z.boolean().nullish(),
});
const flowsSchema = z.object({ flex_flows: z.array(flowSchema), meta: metaSchema });
const chatChannelSchema = z.object({ attributes: z.string().nullish() });
const userChannelsSchema = z.object({
  channels: z.array(z.object({ channel_sid: z.string() })),
});
const attributesSchema = z.record(z.string(), z.unknown());

const shownOf = (resource: z.infer<typeof resourceSchema>): Shown => ({
  sid: resource.sid,
  shown: camelCase(resource),
});
const attributesOf = (text: string | null | undefined): Record<string, unknown> =>
  attributesSchema.safeParse(parseJson(text || '{}')).data ?? {};

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

/** Flex Flows, and the chat channels that they open. https://www.twilio.com/docs/flex/developer/messaging/legacy */
export function flexChat(
  ask: LegacyCall,
): Pick<
  LegacyApi,
  | 'findFlow'
  | 'createChannel'
  | 'findChannel'
  | 'channelIsActive'
  | 'deactivateChannel'
  | 'chatServiceSids'
  | 'addMessage'
> {
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

  const chatChannel = (service: string, channel: string) => (settings: LegacySettings) => ({
    method: 'GET' as const,
    base: settings.flex_chat_api_url,
    path: path`/v2/Services/${service}/Channels/${channel}`,
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
