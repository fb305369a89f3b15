import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../../domain/delivery/outcome.ts';
import type { LogFields } from '../../../domain/observe.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { type TenantSecret, tenantSecretSchema } from '../../../domain/tenant/tenant-secret.ts';
import { twilioGateway } from '../../../providers/twilio/gateway.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import {
  type Scripted,
  type ScriptedServer,
  scriptedServer,
} from '../../builders/scripted-server.ts';
import { http } from '../../support/http.ts';

const sid = 'SM00000000000000000000000000000001';
const messagingService = 'MG00000000000000000000000000000001';
const accepted: Scripted = { status: 201, body: { sid, status: 'queued' } };

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

type Sent = { outcome: Outcome; form: URLSearchParams; logged: LogFields[] };

const signIn = { twilio_account_sid: 'AC-one', twilio_auth_token: 'token' };

async function send(
  request: Partial<MessageRequest> = {},
  script: Scripted = accepted,
  credentials: TenantSecret = signIn,
  path = '',
  expiresAt?: number,
): Promise<Sent> {
  server = await scriptedServer(() => script);
  const logged: LogFields[] = [];
  const gateway = twilioGateway({
    http,
    publicUrl: 'https://connector.example.com/prod',
    clock: () => BUILT_AT,
    observe: { info: (_, fields = {}) => logged.push(fields) },
  });
  const outcome = await gateway.send(
    aMessageRequest(request),
    tenantSecretSchema.parse({ twilio_api_url: server.url + path, ...credentials }),
    new AbortController().signal,
    expiresAt,
  );
  return { outcome, form: new URLSearchParams(server.received[0]?.body), logged };
}

describe('a template', () => {
  test('has ContentSid and ContentVariables as a JSON text, and no Body', async () => {
    const contentSid = `HX${'1'.repeat(32)}`;
    const template = { template: contentSid, variables: { '1': 'Ben', '2': 'a "b"' } };
    const { form } = await send({ channel: 'WHATSAPP', body: '', template });
    form.delete('StatusCallback');
    expect(Object.fromEntries(form)).toEqual({
      To: 'whatsapp:+12025550123',
      From: 'whatsapp:+12025550100',
      ContentSid: contentSid,
      ValidityPeriod: '36000',
      ContentVariables: '{"1":"Ben","2":"a \\"b\\""}',
    });
  });
});

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('what is sent', () => {
  test.each([
    ['what is left of its time to live', 90_500, '90'],
    ['ten hours where more is left', 86_400_000, '36000'],
    ['a second where nothing is left', -1000, '1'],
    ['ten hours where it never expires', undefined, '36000'],
  ])('is valid at Twilio for %s', async (_case, leftMs, expected) => {
    const expiresAt = leftMs === undefined ? undefined : BUILT_AT + leftMs;
    const { form } = await send({}, accepted, signIn, '', expiresAt);
    expect(form.get('ValidityPeriod')).toBe(expected);
  });

  test('an SMS has To, From and Body', async () => {
    const { outcome, form } = await send({ body: 'Hi; 50% off & more 👍\nsecond line' });
    expect(outcome).toEqual({ kind: 'accepted', providerMessageId: sid });
    form.delete('StatusCallback');
    expect(Object.fromEntries(form)).toEqual({
      To: '+12025550123',
      From: '+12025550100',
      Body: 'Hi; 50% off & more 👍\nsecond line',
      ValidityPeriod: '36000',
    });
    expect(server?.received[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  test('an MMS repeats MediaUrl and may have no body', async () => {
    const mediaUrls = ['https://example.com/a.png', 'https://example.com/b.png?x=1&y=2'];
    const { form } = await send({ channel: 'MMS', body: '', mediaUrls });
    expect(form.getAll('MediaUrl')).toEqual(mediaUrls);
    const typed = await send({
      channel: 'MMS',
      body: '',
      mediaUrls: ['https://example.com/ü 1.png'],
    });
    expect(typed.form.get('MediaUrl')).toBe('https://example.com/%C3%BC%201.png');
    expect(form.has('Body')).toBe(false);
  });

  test.each([
    ['WHATSAPP', '+12025550123', '+12025550100', 'whatsapp:+12025550123', 'whatsapp:+12025550100'],
    [
      'WHATSAPP',
      'whatsapp:+12025550123',
      'WhatsApp:+12025550100',
      'whatsapp:+12025550123',
      'WhatsApp:+12025550100',
    ],
    ['FACEBOOK', '1000000001', 'page-1', 'messenger:1000000001', 'messenger:page-1'],
    ['SMS', '+12025550123', '12345', '+12025550123', '12345'],
    ['SMS', '+12025550123', 'ACME Shop', '+12025550123', 'ACME Shop'],
  ] as const)('%s to %s from %s', async (channel, to, from, expectedTo, expectedFrom) => {
    const { form } = await send({ channel, to, from });
    expect([form.get('To'), form.get('From')]).toEqual([expectedTo, expectedFrom]);
  });

  test('a Messaging Service takes the place of From', async () => {
    const { form } = await send({ channel: 'WHATSAPP', from: messagingService });
    expect(form.get('MessagingServiceSid')).toBe(messagingService);
    expect(form.has('From')).toBe(false);
    expect(form.get('To')).toBe('whatsapp:+12025550123');
  });

  test('status callbacks carry the correlation', async () => {
    const { form } = await send();
    const callback = new URL(form.get('StatusCallback') ?? '');
    expect(callback.origin + callback.pathname).toBe(
      'https://connector.example.com/prod/webhooks/twilio/tenant-a/status',
    );
    expect(callback.searchParams.get('guid')).toBe(aMessageRequest().guid);
    expect(callback.hash).toBe('#rc=5&rp=all');
  });

  test.each(['WECHAT', 'RCS'] as const)(
    '%s is refused before it costs a request',
    async (channel) => {
      const { outcome } = await send({ channel });
      expect(outcome).toMatchObject({
        failure: { class: 'permanent', code: 'channel-not-carried' },
      });
      expect(server?.received).toEqual([]);
    },
  );
});

describe('the secret', () => {
  const standard = '/2010-04-01/Accounts/AC-one/Messages.json';
  test.each([
    ['', standard],
    ['/', standard],
    ['/twilio', `/twilio${standard}`],
    ['/twilio/2010-04-01/', `/twilio${standard}`],
    [standard, standard],
    ['/2010-04-01/Accounts/AC-other/Messages', '/2010-04-01/Accounts/AC-other/Messages.json'],
    ['/gateway/Messages.json?old=1', '/gateway/Messages.json'],
  ])('twilio_api_url …%s leads to %s', async (path, expected) => {
    await send({}, accepted, signIn, path);
    expect(`${server?.received[0]?.url.pathname}${server?.received[0]?.url.search}`).toBe(expected);
  });

  test('the auth token signs in', async () => {
    await send();
    expect(server?.received[0]?.headers.authorization).toBe(basic('AC-one:token'));
  });

  test('an API key signs in before the auth token, under the account’s path', async () => {
    const key = { twilio_api_key_sid: 'SK-one', twilio_api_key_secret: 'secret' };
    await send({}, accepted, { ...signIn, ...key });
    expect(server?.received[0]?.headers.authorization).toBe(basic('SK-one:secret'));
    expect(server?.received[0]?.url.pathname).toBe(standard);
  });

  test.each([
    ['twilio_account_sid', { twilio_auth_token: 'token' }],
    ['twilio_auth_token', { twilio_account_sid: 'AC-one' }],
    ['twilio_auth_token', { twilio_account_sid: 'AC-one', twilio_api_key_sid: 'SK-one' }],
  ])('without %s nothing is sent and the key is named', async (key, lacking) => {
    const { outcome } = await send({}, accepted, lacking);
    expect(outcome).toMatchObject({
      kind: 'rejected',
      failure: {
        class: 'config',
        code: 'secret-incomplete',
        message: expect.stringContaining(key),
      },
    });
    expect(server?.received).toEqual([]);
  });
});

describe('what is answered', () => {
  const error = (status: number, code: number): Scripted => ({
    status,
    body: { code, message: 'to +12025550123: text', more_info: '', status },
  });

  test.each<[string, Scripted, string, string, string]>([
    ['a bad recipient', error(400, 21211), 'rejected', 'permanent', '21211'],
    ['an opt-out', error(400, 21610), 'rejected', 'opted-out', '21610'],
    ['a bad sender', error(400, 21606), 'rejected', 'config', '21606'],
    ['a full queue', error(429, 21611), 'throttled', 'transient', '21611'],
    ['too many at once', error(429, 20429), 'throttled', 'transient', '20429'],
    ['an internal error', error(500, 20500), 'unknown', 'unknown', '20500'],
    ['an outage', error(503, 20503), 'unknown', 'unknown', '20503'],
    ['an unknown code, 400', error(400, 99999), 'rejected', 'config', '99999'],
    ['a sender that is not the account’s', error(400, 21659), 'rejected', 'config', '21659'],
    ['an unknown code, 403', error(403, 99999), 'rejected', 'config', '99999'],
    ['an unknown code, 429', error(429, 99999), 'throttled', 'transient', '99999'],
    ['an unknown code, 500', error(500, 99999), 'unknown', 'unknown', '99999'],
    ['HTML, 400', { status: 400, body: '<html>' }, 'rejected', 'config', 'http-400'],
    ['HTML, 404', { status: 404, body: '<html>' }, 'rejected', 'config', 'http-404'],
    ['HTML, 408', { status: 408, body: '<html>' }, 'unknown', 'unknown', 'http-408'],
    ['HTML, 429', { status: 429, body: '<html>' }, 'throttled', 'transient', 'http-429'],
    ['HTML, 502', { status: 502, body: '<html>' }, 'unknown', 'unknown', 'http-502'],
    ['a redirect', { status: 307, headers: { location: '/' } }, 'rejected', 'config', 'http-307'],
    ['201 without SID', { status: 201, body: {} }, 'unknown', 'unknown', 'answer-unreadable'],
    ['201 that is no JSON', { status: 201, body: 'ok' }, 'unknown', 'unknown', 'answer-unreadable'],
    ['201 null', { status: 201, body: 'null' }, 'unknown', 'unknown', 'answer-unreadable'],
    ['a reset', 'reset', 'unknown', 'unknown', 'no-answer'],
  ])('%s', async (_, script, kind, failureClass, code) => {
    const { outcome } = await send({}, script);
    expect(outcome).toMatchObject({ kind, failure: { class: failureClass, code } });
    expect(JSON.stringify(outcome)).not.toContain('2025550123');
  });

  test('refused credentials may be cured by a fresh secret', async () => {
    const { outcome } = await send({}, error(401, 20003));
    expect(outcome).toMatchObject({ kind: 'rejected', authentication: true });
  });

  test('other refusals may not', async () => {
    const { outcome } = await send({}, error(403, 20403));
    expect(outcome).not.toHaveProperty('authentication');
  });

  test('a wish to wait is passed on', async () => {
    const script = { status: 429, headers: { 'retry-after': '7' }, body: { code: 20429 } };
    const { outcome } = await send({}, script);
    expect(outcome).toMatchObject({ kind: 'throttled', retryAfterSeconds: 7 });
  });

  test('nobody there: it did not leave', async () => {
    const gone = await scriptedServer(() => accepted);
    await gone.close();
    const { outcome } = await send({}, accepted, { ...signIn, twilio_api_url: gone.url });
    expect(outcome).toMatchObject({ kind: 'transient', failure: { code: 'provider-unreachable' } });
  });

  test('Twilio’s request id is logged, and nothing of the message', async () => {
    const script = { status: 400, headers: { 'twilio-request-id': 'RQ1' }, body: { code: 21211 } };
    const { logged } = await send({}, script);
    expect(logged).toEqual([
      {
        tenantId: 'tenant-a',
        guid: aMessageRequest().guid,
        code: '21211',
        status: 400,
        providerRequestId: 'RQ1',
      },
    ]);
  });
});
