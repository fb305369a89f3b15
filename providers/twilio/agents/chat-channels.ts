import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import { prefixedAddress } from '../../../domain/agents/contacts/address.ts';
import type { ChatMessage, OpenRequest } from '../../../domain/agents/flex/engine.ts';
import { parseJson } from '../../../domain/json.ts';
import { type Ask, path } from './api.ts';
import type { FlexFlow } from './flex-flows.ts';
import { ended, isNotFound, messageOf, resourceSchema, type Shown, shownOf } from './resource.ts';
import type { LegacySettings } from './settings.ts';

type ChannelRef = { readonly chatServiceSid: string; readonly channelSid: string };

const channelSchema = z.object({ attributes: z.string().nullish() });
const userChannelsSchema = z.object({
  channels: z.array(z.object({ channel_sid: z.string() })),
});
const attributesSchema = z.record(z.string(), z.unknown());

const attributesOf = ({ attributes }: z.infer<typeof channelSchema>): Record<string, unknown> =>
  attributesSchema.safeParse(parseJson(attributes || '{}')).data ?? {};

function taskAttributes(request: OpenRequest): string {
  const { kind, from, to, toName, sourceChannelId, workerId } = request;
  return JSON.stringify({
    to: prefixedAddress(kind, to),
    direction: 'outbound',
    name: toName,
    from: prefixedAddress(kind, from),
    ...(sourceChannelId ? { sourceChatChannelSid: sourceChannelId } : {}),
    ...(workerId ? { targetWorkerSid: workerId } : {}),
  });
}

/** The chat channels that Flex Flows open, in Programmable Chat. */
export type ChatChannels = {
  readonly create: (
    flow: FlexFlow,
    identity: string,
    request: OpenRequest,
    signal: AbortSignal,
  ) => Promise<Answered<Shown>>;
  /** The channel of a chat user, for a call whose response was lost. */
  readonly find: (
    chatServiceSid: string,
    identity: string,
    signal: AbortSignal,
  ) => Promise<Answered<Shown | undefined>>;
  /** False once it is INACTIVE or deleted. */
  readonly isActive: (ref: ChannelRef, signal: AbortSignal) => Promise<Answered<boolean>>;
  /** A channel that the service does not have counts as done. */
  readonly deactivate: (ref: ChannelRef, signal: AbortSignal) => Promise<Answered<null>>;
  readonly addMessage: (
    ref: ChannelRef,
    body: string,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
};

export function chatChannels(ask: Ask<LegacySettings>): ChatChannels {
  const channelAt =
    ({ chatServiceSid, channelSid }: ChannelRef) =>
    ({ flex_chat_api_url }: LegacySettings) => ({
      base: flex_chat_api_url,
      path: path`/v2/Services/${chatServiceSid}/Channels/${channelSid}`,
    });
  const read = (ref: ChannelRef, signal: AbortSignal) => {
    const at = channelAt(ref);
    return ask((settings) => ({ method: 'GET', ...at(settings) }), channelSchema, signal);
  };

  return {
    create: async (flow, identity, request, signal) => {
      const { kind, to, toName, purpose } = request;
      const form = {
        FlexFlowSid: flow.sid,
        Identity: identity,
        Target: prefixedAddress(kind, to),
        ChatUserFriendlyName: toName,
        ChatFriendlyName: `SMS${to}`,
        ...(purpose === 'task' ? { TaskAttributes: taskAttributes(request) } : {}),
      };
      const answer = await ask(
        ({ flex_api_url }) => ({
          method: 'POST',
          base: flex_api_url,
          path: '/v1/Channels',
          form,
        }),
        resourceSchema,
        signal,
      );
      return answer.kind === 'done' ? done(shownOf(answer.value)) : answer;
    },
    find: async (chatServiceSid, identity, signal) => {
      const answer = await ask(
        ({ flex_chat_api_url }) => ({
          method: 'GET',
          base: flex_chat_api_url,
          path: path`/v2/Services/${chatServiceSid}/Users/${identity}/Channels`,
        }),
        userChannelsSchema,
        signal,
      );
      if (isNotFound(answer)) return done(undefined);
      if (answer.kind !== 'done') return answer;
      const sid = answer.value.channels[0]?.channel_sid;
      return done(sid === undefined ? undefined : { sid, shown: { sid } });
    },
    isActive: async (ref, signal) => {
      const answer = await read(ref, signal);
      if (isNotFound(answer)) return done(false);
      if (answer.kind !== 'done') return answer;
      return done(attributesOf(answer.value).status !== 'INACTIVE');
    },
    deactivate: async (ref, signal) => {
      const answer = await read(ref, signal);
      if (answer.kind !== 'done') return ended(answer);
      const at = channelAt(ref);
      const attributes = { ...attributesOf(answer.value), status: 'INACTIVE' };
      const form = { Attributes: JSON.stringify(attributes) };
      const changed = await ask(
        (settings) => ({ method: 'POST', ...at(settings), form }),
        z.unknown(),
        signal,
      );
      return ended(changed);
    },
    addMessage: async ({ chatServiceSid, channelSid }, body, signal) =>
      messageOf(
        await ask(
          ({ flex_chat_api_url }) => ({
            method: 'POST',
            base: flex_chat_api_url,
            path: path`/v2/Services/${chatServiceSid}/Channels/${channelSid}/Messages`,
            form: { Body: body },
          }),
          resourceSchema,
          signal,
        ),
      ),
  };
}
