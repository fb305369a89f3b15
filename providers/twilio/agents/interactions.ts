import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import { prefixedAddress } from '../../../domain/agents/contacts/address.ts';
import type { ChatMessage, OpenRequest } from '../../../domain/agents/flex/engine.ts';
import { parseJson } from '../../../domain/json.ts';
import { type Ask, path } from './api.ts';
import { messageOf, resourceSchema } from './resource.ts';
import type { InteractionsSettings } from './settings.ts';

export type Interaction = {
  readonly interactionSid: string;
  readonly channelSid: string;
  readonly conversationSid?: string;
  readonly taskSid?: string;
};
type ChannelRef = Pick<Interaction, 'interactionSid' | 'channelSid'>;
type Task = Pick<Interaction, 'conversationSid' | 'taskSid'>;
type ChannelState = Task & { readonly status: string; readonly errorCode?: string };

/** The task behind an interaction. Twilio documents its attributes as JSON text and sometimes sends an object. */
const routingSchema = z
  .object({
    properties: z.object({ sid: z.string().nullish(), attributes: z.unknown() }).loose().nullish(),
  })
  .loose()
  .nullish();
const attributesSchema = z.object({ conversationSid: z.string().optional() }).loose();
const interactionSchema = z.object({
  sid: z.string(),
  channel: z.object({ sid: z.string() }).loose(),
  routing: routingSchema,
});
const channelSchema = z.object({
  status: z.string(),
  error_code: z.union([z.number(), z.string()]).nullish(),
  routing: routingSchema,
});

function taskOf(routing: z.infer<typeof routingSchema>): Task {
  const given = routing?.properties?.attributes;
  const attributes = attributesSchema.safeParse(
    typeof given === 'string' ? parseJson(given) : given,
  ).data;
  const taskSid = routing?.properties?.sid;
  return {
    ...(attributes?.conversationSid ? { conversationSid: attributes.conversationSid } : {}),
    ...(taskSid ? { taskSid } : {}),
  };
}

function routingFor(request: OpenRequest, settings: InteractionsSettings): string {
  const { kind, from, to, toName, sourceChannelId, workerId } = request;
  return JSON.stringify({
    properties: {
      workspace_sid: settings.flex_workspace_sid,
      workflow_sid: settings.flex_workflow_sid,
      ...(settings.flex_queue_sid ? { queue_sid: settings.flex_queue_sid } : {}),
      ...(workerId ? { worker_sid: workerId } : {}),
      task_channel_unique_name: settings.flex_task_channel ?? kind,
      attributes: {
        customerName: toName,
        customerAddress: prefixedAddress(kind, to),
        name: toName,
        to: prefixedAddress(kind, to),
        from: prefixedAddress(kind, from),
        direction: 'outbound',
        ...(sourceChannelId ? { sourceChatChannelSid: sourceChannelId } : {}),
        ...(workerId ? { targetWorkerSid: workerId } : {}),
      },
    },
  });
}

/** Interactions and their conversations. https://www.twilio.com/docs/flex/developer/conversations/interactions-api */
export type Interactions = {
  readonly create: (request: OpenRequest, signal: AbortSignal) => Promise<Answered<Interaction>>;
  readonly channel: (ref: ChannelRef, signal: AbortSignal) => Promise<Answered<ChannelState>>;
  readonly closeChannel: (ref: ChannelRef, signal: AbortSignal) => Promise<Answered<unknown>>;
  readonly addMessage: (
    conversationSid: string,
    body: string,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
};

export function interactions(ask: Ask<InteractionsSettings>): Interactions {
  const channelAt =
    ({ interactionSid, channelSid }: ChannelRef) =>
    ({ flex_api_url }: InteractionsSettings) => ({
      base: flex_api_url,
      path: path`/v1/Interactions/${interactionSid}/Channels/${channelSid}`,
    });

  return {
    create: async (request, signal) => {
      const { kind, from, to } = request;
      const participant = {
        address: prefixedAddress(kind, to),
        proxy_address: prefixedAddress(kind, from),
      };
      const answer = await ask(
        (settings) => ({
          method: 'POST',
          base: settings.flex_api_url,
          path: '/v1/Interactions',
          form: {
            Channel: JSON.stringify({
              type: kind,
              initiated_by: 'agent',
              participants: [participant],
            }),
            Routing: routingFor(request, settings),
          },
        }),
        interactionSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      const { sid, channel, routing } = answer.value;
      return done({ interactionSid: sid, channelSid: channel.sid, ...taskOf(routing) });
    },
    channel: async (ref, signal) => {
      const at = channelAt(ref);
      const answer = await ask((s) => ({ method: 'GET', ...at(s) }), channelSchema, signal);
      if (answer.kind !== 'done') return answer;
      const { status, error_code, routing } = answer.value;
      return done({
        status: status.toLowerCase(),
        ...(error_code ? { errorCode: `${error_code}` } : {}),
        ...taskOf(routing),
      });
    },
    closeChannel: (ref, signal) => {
      const at = channelAt(ref);
      const form = { Status: 'closed', Routing: JSON.stringify({ status: 'closed' }) };
      return ask((s) => ({ method: 'POST', ...at(s), form }), z.unknown(), signal);
    },
    addMessage: async (conversationSid, body, signal) =>
      messageOf(
        await ask(
          ({ twilio_conversations_api_url }) => ({
            method: 'POST',
            base: twilio_conversations_api_url,
            path: path`/v1/Conversations/${conversationSid}/Messages`,
            form: { Author: 'system', Body: body },
          }),
          resourceSchema,
          signal,
        ),
      ),
  };
}
