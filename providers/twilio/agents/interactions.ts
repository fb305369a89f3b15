import * as z from 'zod';
import { done, type NotDone } from '../../../domain/agents/answered.ts';
import { toTwilioAddress } from '../../../domain/agents/contacts/address.ts';
import type { InteractionsApi, OpenRequest } from '../../../domain/agents/flex/engine.ts';
import { type InteractionsSettings, interactionsSettings } from '../../../domain/agents/settings.ts';
import { parseJson } from '../../../domain/json.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { twilioAccount } from '../account.ts';
import { type AgentApi, camelCase, path, withoutText } from './api.ts';

/** The task behind an interaction. Its attributes are a JSON text by the specification and an object in some answers. */
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
const resourceSchema = z.object({ sid: z.string() }).catchall(z.unknown());

function taskOf(routing: z.infer<typeof routingSchema>): {
  readonly conversationSid?: string;
  readonly taskSid?: string;
} {
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
  const { kind, from, to, toName, sourceChatChannelSid, targetWorkerSid } = request;
  return JSON.stringify({
    properties: {
      workspace_sid: settings.flex_workspace_sid,
      workflow_sid: settings.flex_workflow_sid,
      ...(settings.flex_queue_sid ? { queue_sid: settings.flex_queue_sid } : {}),
      ...(targetWorkerSid ? { worker_sid: targetWorkerSid } : {}),
      task_channel_unique_name: settings.flex_task_channel ?? kind,
      attributes: {
        customerName: toName,
        customerAddress: toTwilioAddress(kind, to),
        name: toName,
        to: toTwilioAddress(kind, to),
        from: toTwilioAddress(kind, from),
        direction: 'outbound',
        ...(sourceChatChannelSid ? { sourceChatChannelSid } : {}),
        ...(targetWorkerSid ? { targetWorkerSid } : {}),
      },
    },
  });
}

/** Flex Interactions, the Conversations under them, and plain messages. */
export function interactions(api: AgentApi): InteractionsApi {
  const settingsOf = (secret: TenantSecret): InteractionsSettings | NotDone => {
    const read = interactionsSettings(secret);
    return read.ok ? read.settings : { kind: 'refused', status: 500, code: 'secret-incomplete' };
  };

  return {
    create: async (secret, request, signal) => {
      const settings = settingsOf(secret);
      if ('kind' in settings) return settings;
      const { kind, from, to } = request;
      const answer = await api(
        secret,
        {
          method: 'POST',
          base: settings.flex_api_url,
          path: '/v1/Interactions',
          form: {
            Channel: JSON.stringify({
              type: kind,
              initiated_by: 'agent',
              participants: [
                { address: toTwilioAddress(kind, to), proxy_address: toTwilioAddress(kind, from) },
              ],
            }),
            Routing: routingFor(request, settings),
          },
        },
        interactionSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      const { sid, channel, routing } = answer.value;
      return done({ interactionSid: sid, channelSid: channel.sid, ...taskOf(routing) });
    },
    channel: async (secret, { interactionSid, channelSid }, signal) => {
      const settings = settingsOf(secret);
      if ('kind' in settings) return settings;
      const answer = await api(
        secret,
        {
          method: 'GET',
          base: settings.flex_api_url,
          path: path`/v1/Interactions/${interactionSid}/Channels/${channelSid}`,
        },
        channelSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      const { status, error_code, routing } = answer.value;
      return done({
        status: status.toLowerCase(),
        ...(error_code ? { errorCode: `${error_code}` } : {}),
        ...taskOf(routing),
      });
    },
    closeChannel: async (secret, { interactionSid, channelSid }, signal) => {
      const settings = settingsOf(secret);
      if ('kind' in settings) return settings;
      const answer = await api(
        secret,
        {
          method: 'POST',
          base: settings.flex_api_url,
          path: path`/v1/Interactions/${interactionSid}/Channels/${channelSid}`,
          form: { Status: 'closed', Routing: JSON.stringify({ status: 'closed' }) },
        },
        z.unknown(),
        signal,
      );
      return answer.kind === 'done' ? done(null) : answer;
    },
    addMessage: async (secret, conversationSid, body, signal) => {
      const settings = settingsOf(secret);
      if ('kind' in settings) return settings;
      const answer = await api(
        secret,
        {
          method: 'POST',
          base: settings.twilio_conversations_api_url,
          path: path`/v1/Conversations/${conversationSid}/Messages`,
          form: { Author: 'system', Body: body },
        },
        resourceSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      return done({ ...withoutText(camelCase(answer.value)), sid: answer.value.sid });
    },
    sendMessage: async (secret, { kind, from, to, body }, signal) => {
      const account = twilioAccount(secret);
      if ('missing' in account) {
        return { kind: 'refused', status: 500, code: `secret-lacks-${account.missing}` };
      }
      const answer = await api(
        secret,
        {
          method: 'POST',
          base: account.messagesUrl.href,
          path: '',
          form: { To: toTwilioAddress(kind, to), From: toTwilioAddress(kind, from), Body: body },
        },
        resourceSchema,
        signal,
      );
      if (answer.kind !== 'done') return answer;
      return done({ ...withoutText(camelCase(answer.value)), sid: answer.value.sid });
    },
  };
}
