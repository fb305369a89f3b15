import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { providers } from '../../providers/registry.ts';
import { scgCallbacks } from '../../providers/scg/webhook/events.ts';
import { twilioInboundCallbacks } from '../../providers/twilio/webhooks/inbound.ts';
import { twilioStatusCallbacks } from '../../providers/twilio/webhooks/status.ts';
import { anHttpRequest } from '../builders/http-request.ts';
import { providerContract } from '../contracts/provider.contract.ts';
import { aTenantSecret } from '../fakes/tenant-secrets.ts';

const publicUrl = 'https://connector.example';
const secret = aTenantSecret();

/** A form as Twilio posts and signs it. */
function signed(url: string, fields: Readonly<Record<string, string>>) {
  const { search, searchParams } = new URL(url);
  const address = url.split('#')[0] ?? '';
  const token = secret.twilio_auth_token ?? '';
  return anHttpRequest({
    params: { tenantId: 'tenant-a' },
    rawQuery: search.slice(1),
    query: searchParams,
    headers: { 'x-twilio-signature': getExpectedTwilioSignature(token, address, fields) },
    body: new URLSearchParams(fields).toString(),
  });
}

providerContract('Twilio', {
  provider: providers.twilio,
  secret,
  callbacks: {
    statuses: twilioStatusCallbacks({ publicUrls: [publicUrl] }),
    replies: twilioInboundCallbacks({ publicUrls: [publicUrl] }),
  },
  publicUrl,
  status: (MessageStatus, reference) =>
    signed(reference || `${publicUrl}/webhooks/twilio/tenant-a/status`, {
      MessageSid: `SM${'a'.repeat(32)}`,
      MessageStatus,
      To: '+12025550123',
    }),
  reply: (Body) =>
    signed(`${publicUrl}/webhooks/twilio/tenant-a/inbound`, {
      MessageSid: `SM${'b'.repeat(32)}`,
      From: '+12025550123',
      To: '+12025550100',
      Body,
    }),
  forge: (request) => ({ ...request, headers: { 'x-twilio-signature': `${'A'.repeat(27)}=` } }),
});

/** An event as SCG posts it. */
const event = (type: string, fields: object) =>
  anHttpRequest({
    params: { tenantId: 'tenant-a' },
    headers: { authorization: `Basic ${btoa('scg-user:scg-password-for-tests')}` },
    body: JSON.stringify({ event: { 'evt-tp': type, 'fld-val-list': fields } }),
  });
const events = scgCallbacks({
  same: (a, b) => a === b,
  defaultTenantId: undefined,
  channelsBySender: {},
  uppercaseReplies: false,
});

providerContract('SCG', {
  provider: providers.scg,
  secret,
  callbacks: { statuses: events, replies: events },
  publicUrl,
  status: (new_state, external_message_request_id) =>
    event('message_state_change', {
      message_request_id: 'request-1',
      new_state,
      external_message_request_id,
      to_address: '+12025550123',
    }),
  reply: (message_body) =>
    event('mo_message_received', {
      message_id: 'mo-1',
      from_address: '+12025550123',
      to_address: '28776',
      message_body,
    }),
  forge: (request) => ({ ...request, headers: { authorization: 'Basic eDp5' } }),
});
