import * as z from 'zod';
import type { SimulatorContext } from '../options.ts';
import { answer, type Simulator } from '../simulator.ts';
import type { TwilioAccount } from '../twilio/accounts.ts';
import { twilioError } from '../twilio/errors.ts';
import { type AgentsWorld, type Interaction, newSid } from './flex-account.ts';
import { jsonOf, notFound, paged, partError, twilioPart } from './twilio-part.ts';

const channelSchema = z.object({
  type: z.enum(['sms', 'whatsapp']),
  initiated_by: z.enum(['agent', 'customer', 'api']),
  participants: z.array(z.object({ address: z.string(), proxy_address: z.string() })).min(1),
});
const routingSchema = z.object({
  properties: z.object({
    workspace_sid: z.string(),
    workflow_sid: z.string(),
    attributes: z.record(z.string(), z.unknown()),
  }),
});

/** The numbers that have Flex Flows: the second one's channels are long-lived. */
const FLOW_NUMBERS = ['+12025550100', '+12025550101'] as const;
const CHAT_SERVICE = `IS${'0'.repeat(32)}`;

/** An outbound flow for tasks stands disabled beside the enabled one for Studio, as Twilio's guide has it. */
const flowsOf = (account: TwilioAccount) =>
  FLOW_NUMBERS.flatMap((number, at) =>
    (['task', 'studio'] as const).map((integration, kind) => ({
      sid: `FO${String(at * 2 + kind).padStart(32, '0')}`,
      account_sid: account.accountSid,
      chat_service_sid: CHAT_SERVICE,
      channel_type: 'sms',
      contact_identity: number,
      enabled: integration === 'studio',
      integration_type: integration,
      integration: {},
      long_lived: at === 1,
    })),
  );

const routingOf = (interaction: Interaction) => ({
  reservation: null,
  properties: {
    sid: interaction.taskSid,
    assignment_status: interaction.status === 'active' ? 'pending' : 'completed',
    task_channel_sid: `TC${'0'.repeat(32)}`,
    timeout: 86_400,
    // A JSON text, as the specification has it.
    attributes: JSON.stringify({
      ...interaction.attributes,
      flexInteractionSid: interaction.sid,
      flexInteractionChannelSid: interaction.channelSid,
      conversationSid: interaction.conversationSid,
    }),
  },
});

const shown = (interaction: Interaction) => ({
  sid: interaction.sid,
  channel: { type: 'sms', sid: interaction.channelSid },
  routing: routingOf(interaction),
  interaction_context_sid: null,
  webhook_ttid: null,
  url: `https://flex-api.twilio.com/v1/Interactions/${interaction.sid}`,
  links: {
    channels: `https://flex-api.twilio.com/v1/Interactions/${interaction.sid}/Channels`,
  },
});

const channelOf = (interaction: Interaction) => ({
  sid: interaction.channelSid,
  interaction_sid: interaction.sid,
  type: 'sms',
  status: interaction.status,
  error_code: null,
  error_message: null,
  routing: routingOf(interaction),
});

/** Flex: Interactions, and the Flex Flows and Channels of before. https://www.twilio.com/docs/flex/developer */
export function createFlexSimulator(context: SimulatorContext, world: AgentsWorld): Simulator {
  const channelPath = /^\/v1\/Interactions\/(KD\w{32})\/Channels\/(UO\w{32})$/;
  return twilioPart(
    'flex',
    context,
    [
      [
        'POST',
        /^\/v1\/Interactions$/,
        ({ account, form }) => {
          const channel = channelSchema.safeParse(jsonOf(form.get('Channel')));
          const routing = routingSchema.safeParse(jsonOf(form.get('Routing')));
          if (!channel.success || !routing.success) return twilioError(20001);
          const [customer] = channel.data.participants;
          if (customer === undefined) return twilioError(20001);
          const { address, proxy_address } = customer;
          const taken = world.bound(account.accountSid, address, proxy_address);
          if (taken) {
            const words = `A binding for this participant and proxy address already exists in Conversation ${taken.sid}`;
            return partError(409, 50416, words);
          }
          const conversation = world.openConversation(account.accountSid, address, proxy_address);
          const interaction: Interaction = {
            sid: newSid('KD'),
            channelSid: newSid('UO'),
            taskSid: newSid('WT'),
            conversationSid: conversation.sid,
            attributes: routing.data.properties.attributes,
            status: 'active',
          };
          world.interactions.set(interaction.sid, interaction);
          return answer(200, shown(interaction));
        },
      ],
      [
        'GET',
        channelPath,
        ({ sids: [sid = ''] }) => {
          const interaction = world.interactions.get(sid);
          return interaction ? answer(200, channelOf(interaction)) : notFound();
        },
      ],
      [
        'POST',
        channelPath,
        ({ form, sids: [sid = ''] }) => {
          const interaction = world.interactions.get(sid);
          if (!interaction) return notFound();
          if (form.get('Status') !== 'closed') return twilioError(20001);
          interaction.status = 'closed';
          const conversation = world.conversations.get(interaction.conversationSid);
          if (conversation) conversation.state = 'closed';
          return answer(200, channelOf(interaction));
        },
      ],
      [
        'GET',
        /^\/v1\/FlexFlows$/,
        ({ account, query }) => paged(flowsOf(account), 'flex_flows', query, '/v1/FlexFlows'),
      ],
      [
        'POST',
        /^\/v1\/Channels$/,
        ({ account, form }) => {
          const flow = flowsOf(account).find(({ sid }) => sid === form.get('FlexFlowSid'));
          const identity = form.get('Identity') ?? '';
          if (!flow || !identity || !form.get('Target')) return twilioError(20001);
          const active = [...world.channels.values()].find(
            (one) =>
              flow.long_lived &&
              one.identity === identity &&
              one.flowSid === flow.sid &&
              jsonOf(one.attributes).status !== 'INACTIVE',
          );
          const channel = active ?? {
            sid: newSid('CH'),
            serviceSid: flow.chat_service_sid,
            flowSid: flow.sid,
            identity,
            at: world.now(),
            taskSid: form.has('TaskAttributes') ? newSid('WT') : null,
            attributes: JSON.stringify({ status: 'ACTIVE', long_lived: flow.long_lived }),
            messages: [],
          };
          world.channels.set(channel.sid, channel);
          return answer(201, {
            flex_flow_sid: flow.sid,
            account_sid: account.accountSid,
            sid: channel.sid,
            task_sid: channel.taskSid,
            user_sid: `US${channel.sid.slice(2)}`,
            date_created: channel.at,
            date_updated: channel.at,
            url: `https://flex-api.twilio.com/v1/Channels/${channel.sid}`,
          });
        },
      ],
    ],
    { accepted: () => world.interactions.values(), forget: () => world.forget() },
  );
}
