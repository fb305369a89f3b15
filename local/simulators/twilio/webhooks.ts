import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { WebhookClient, WebhookOutcome } from '../webhook-client.ts';
import type { TwilioAccount } from './accounts.ts';
import type { Step, TwilioMessage } from './message.ts';
import { channelOf } from './validate.ts';

/** Calls a webhook of the customer's, signed, with the retries that the URL's fragment asks for. */
export async function callWebhook(
  client: WebhookClient,
  account: TwilioAccount,
  webhook: string,
  params: Readonly<Record<string, string>>,
): Promise<WebhookOutcome> {
  const { url, retries, policies, readTimeoutMs, totalMs } = overridesOf(webhook);
  const body = new URLSearchParams(params).toString();
  const headers = {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
    'user-agent': 'TwilioProxy/1.1',
    accept: '*/*',
    'x-twilio-signature': getExpectedTwilioSignature(account.authToken, url, { ...params }),
    'i-twilio-idempotency-token': randomUUID(),
  };
  const end = performance.now() + totalMs;
  for (let attempt = 0; ; attempt++) {
    const outcome = await client.post(url, body, headers, readTimeoutMs);
    if (attempt >= retries || performance.now() >= end || !isRetried(outcome, policies))
      return outcome;
    await delay(50 * 2 ** attempt, undefined, { ref: false });
  }
}

/** The connection overrides in the fragment. https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides */
function overridesOf(webhook: string) {
  const [url = '', fragment = ''] = webhook.split('#', 2);
  const given = new URLSearchParams(fragment);
  const number = (key: string, low: number, high: number, usual: number): number => {
    const value = Number(given.get(key) ?? usual);
    return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : usual;
  };
  return {
    url,
    retries: number('rc', 0, 5, 1),
    policies: (given.get('rp') ?? 'ct').split(','),
    readTimeoutMs: number('rt', 100, 15_000, 15_000),
    totalMs: number('tt', 100, 15_000, 15_000),
  };
}

function isRetried(outcome: WebhookOutcome, policies: readonly string[]): boolean {
  const asked = (policy: string): boolean => policies.includes(policy) || policies.includes('all');
  switch (outcome.kind) {
    case 'not-connected':
      return asked('ct');
    case 'timed-out':
      return asked('rt');
    case 'undeliverable':
      return false;
    case 'answered':
      if (outcome.status >= 500) return asked('5xx');
      return outcome.status >= 400 && asked('4xx');
  }
}

/** The fields of a status callback. */
export function statusParams(
  message: TwilioMessage,
  step: Step,
  now: number,
): Record<string, string> {
  const channel = channelOf(message.to);
  const isReported = ['delivered', 'undelivered'].includes(step.status);
  return {
    ...(channel
      ? {
          ChannelInstallSid: `XE${'0'.repeat(32)}`,
          ChannelPrefix: channel,
          ChannelToAddress: message.to.slice(channel.length + 1),
          ...(['delivered', 'read'].includes(step.status)
            ? { EventType: step.status.toUpperCase() }
            : {}),
          ...(step.errorCode === undefined
            ? {}
            : { ChannelStatusMessage: `Channel error ${step.errorCode}` }),
        }
      : isReported
        ? { RawDlrDoneDate: doneDate(now) }
        : {}),
    ...(step.errorCode === undefined ? {} : { ErrorCode: String(step.errorCode) }),
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    SmsSid: message.sid,
    SmsStatus: step.status,
    MessageStatus: step.status,
    To: message.to,
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    From: message.from ?? '',
    ApiVersion: '2010-04-01',
  };
}

/** The fields of an inbound message. Empty ones are sent, and signed, too. */
export function inboundParams(
  message: TwilioMessage,
  fields: Readonly<Record<string, string>>,
): Record<string, string> {
  const from = message.from ?? '';
  const digits = from.replace(/\D/g, '');
  return {
    ...(channelOf(from) === 'whatsapp'
      ? { ProfileName: 'Sample Customer', WaId: digits, MessageType: 'text', Forwarded: 'false' }
      : {
          ToCountry: 'US',
          ToState: '',
          ToCity: '',
          ToZip: '',
          FromCountry: 'US',
          FromState: '',
          FromCity: '',
          FromZip: '',
        }),
    SmsMessageSid: message.sid,
    NumMedia: String(message.mediaUrls.length),
    ...Object.fromEntries(
      message.mediaUrls.flatMap((url, i) => [
        [`MediaUrl${i}`, url],
        [`MediaContentType${i}`, 'image/jpeg'],
      ]),
    ),
    SmsSid: message.sid,
    SmsStatus: 'received',
    Body: message.body,
    To: message.to,
    NumSegments: '1',
    ReferralNumMedia: '0',
    MessageSid: message.sid,
    AccountSid: message.accountSid,
    From: from,
    ApiVersion: '2010-04-01',
    ...fields,
  };
}

/** `YYMMDDhhmm` */
const doneDate = (ms: number): string => new Date(ms).toISOString().replace(/\D/g, '').slice(2, 12);
