import { SECOND } from '../../domain/clock.ts';
import type { LookUp, Outcome } from '../../domain/delivery/outcome.ts';
import type { MessageGateway } from '../../domain/delivery/ports.ts';
import { addressForms } from '../../domain/outbound/address-key.ts';
import { percentEncoded } from '../../domain/outbound/media-urls.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import type { MessageGatewayDeps } from '../../domain/provider.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { secretIncomplete, toOutcome, toUnavailable, type Verdict } from '../verdict.ts';
import { type TwilioAccount, twilioAccount } from './account.ts';
import { type TwilioAddresses, twilioAddresses } from './address.ts';
import { acceptedSid, twilioRequestId, twilioVerdict } from './answer.ts';
import { askInAllForms, lookUpTwilio } from './look-up.ts';
import { type Field, twilioMessages } from './messages.ts';
import { statusCallbackOf } from './reference.ts';

const channelNotCarried: Verdict = {
  code: 'channel-not-carried',
  row: {
    class: 'permanent',
    meaning: 'Twilio does not carry this channel here.',
    advice: 'Send this channel through SCG, or use SMS, MMS, WHATSAPP or FACEBOOK.',
  },
};

type Prepared = { readonly account: TwilioAccount; readonly addresses: TwilioAddresses };

function prepare(request: MessageRequest, secret: TenantSecret): Prepared | Verdict {
  const account = twilioAccount(secret);
  if ('missing' in account) return secretIncomplete(account.missing);
  const addresses = twilioAddresses(request);
  return addresses === undefined ? channelNotCarried : { account, addresses };
}

/** A repeated field is a list. https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource */
function fieldsOf(
  request: MessageRequest,
  { account, addresses }: Prepared,
  { publicUrl, validSeconds }: { readonly publicUrl: string; readonly validSeconds: number },
): Field[] {
  const { to, sender } = addresses;
  const { statusCallback } = statusCallbackOf(account, publicUrl, request);
  return [
    ['To', to],
    'from' in sender ? ['From', sender.from] : ['MessagingServiceSid', sender.messagingServiceSid],
    ...optional('Body', request.body),
    ...request.mediaUrls.map((url): Field => ['MediaUrl', percentEncoded(url)]),
    ...templateFields(request),
    ['ValidityPeriod', String(validSeconds)],
    ...optional('StatusCallback', statusCallback),
  ];
}

/** Twilio queues what a sender cannot send yet for at most so long, s. */
const LONGEST_VALIDITY = 36_000;

/** How long Twilio may queue a message. Nothing else stops what is queued there: no STOP, and no hold. */
const validSecondsUntil = (expiresAt: number | undefined, now: number): number =>
  expiresAt === undefined
    ? LONGEST_VALIDITY
    : Math.max(1, Math.min(LONGEST_VALIDITY, Math.floor((expiresAt - now) / SECOND)));

/** https://www.twilio.com/docs/content/send-templates-created-with-the-content-template-builder */
const templateFields = ({ template }: MessageRequest): Field[] =>
  template === undefined
    ? []
    : [
        ['ContentSid', template.template],
        ...optional('ContentVariables', jsonOf(template.variables)),
      ];

const jsonOf = (variables: Readonly<Record<string, string>>): string | undefined =>
  Object.keys(variables).length === 0 ? undefined : JSON.stringify(variables);

const optional = (name: string, value: string | undefined): Field[] =>
  value ? [[name, value]] : [];

/** Sends SMS, MMS, WhatsApp and Messenger messages. https://www.twilio.com/docs/messaging/api/message-resource */
export function twilioGateway({
  publicUrl,
  clock,
  observe,
  http,
}: MessageGatewayDeps): MessageGateway {
  return {
    send: async (request, secret, signal, expiresAt): Promise<Outcome> => {
      const prepared = prepare(request, secret);
      if ('row' in prepared) return toOutcome(prepared);
      const { create } = twilioMessages(http, prepared.account, signal);
      const validSeconds = validSecondsUntil(expiresAt, clock());
      const exchange = await create(fieldsOf(request, prepared, { publicUrl, validSeconds }));
      const sid = acceptedSid(exchange);
      if (sid !== undefined) return { kind: 'accepted', providerMessageId: sid };
      const verdict = twilioVerdict(exchange, clock());
      const requestId = exchange.kind === 'answer' ? twilioRequestId(exchange) : undefined;
      observe.info('Twilio did not accept the message', {
        tenantId: request.tenantId,
        guid: request.guid,
        code: verdict.code,
        ...(exchange.kind === 'answer' ? { status: exchange.status } : { error: exchange.code }),
        ...(requestId === undefined ? {} : { providerRequestId: requestId }),
      });
      return toOutcome(verdict);
    },

    lookUp: async (request, secret, attempt, signal): Promise<LookUp> => {
      const prepared = prepare(request, secret);
      if ('row' in prepared) return toUnavailable(prepared, 'Twilio');
      const resource = twilioMessages(http, prepared.account, signal);
      const ask = (to: string) =>
        lookUpTwilio(resource, request, { ...prepared.addresses, to }, attempt, clock);
      const found = await askInAllForms(addressForms(prepared.addresses.to), ask);
      const { statusCallback } = statusCallbackOf(prepared.account, publicUrl, request);
      return found.kind === 'candidates' && statusCallback === undefined
        ? { ...found, isNeverReported: true }
        : found;
    },
  };
}
