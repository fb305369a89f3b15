import { type HttpClient, httpClient } from '../../adapters/http/client.ts';
import type { Clock } from '../../domain/clock.ts';
import type { LookUp, Outcome } from '../../domain/delivery/outcome.ts';
import type { MessageGateway } from '../../domain/delivery/ports.ts';
import type { Observe } from '../../domain/observe.ts';
import { addressForms } from '../../domain/outbound/address-key.ts';
import { percentEncoded } from '../../domain/outbound/media-urls.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { secretIncomplete, toOutcome, toUnavailable, type Verdict } from '../verdict.ts';
import { type TwilioAccount, twilioAccount } from './account.ts';
import { type TwilioAddresses, twilioAddresses } from './address.ts';
import { acceptedSid, twilioRequestId, twilioVerdict } from './answer.ts';
import { askInAllForms, lookUpTwilio } from './look-up.ts';
import { twilioMessages } from './messages.ts';
import { statusCallbackOf } from './status-callback.ts';

type Options = {
  /** The base URL of this service, for status callbacks, without a slash at the end. */
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly observe: Pick<Observe, 'info'>;
  /** How requests leave; a client of its own by default. */
  readonly http?: HttpClient;
};

/** A page of 500 long messages. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

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

/** Sends SMS, MMS, WhatsApp and Messenger messages. https://www.twilio.com/docs/messaging/api/message-resource */
export function twilioGateway({
  publicUrl,
  clock,
  observe,
  http = httpClient({ clock, maxBodyBytes: MAX_BODY_BYTES }),
}: Options): MessageGateway {
  return {
    send: async (request, secret, signal): Promise<Outcome> => {
      const prepared = prepare(request, secret);
      if ('row' in prepared) return toOutcome(prepared);
      const { to, sender } = prepared.addresses;
      const { messages, last } = twilioMessages(http, prepared.account, signal);
      try {
        await messages.create({
          to,
          ...sender,
          ...(request.body === '' ? {} : { body: request.body }),
          ...(request.mediaUrls.length === 0
            ? {}
            : { mediaUrl: request.mediaUrls.map(percentEncoded) }),
          ...statusCallbackOf(prepared.account, publicUrl, request),
        });
      } catch (error) {
        // The package throws for every answer but a success; what it was is read below.
        if (last() === undefined) throw error;
      }
      const exchange = last();
      if (exchange === undefined) throw new Error('the request did not leave the twilio package');
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
