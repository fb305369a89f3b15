import { afterEach, describe, expect, test } from 'vitest';
import type { Outcome } from '../../../domain/delivery/outcome.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { type TenantSecret, tenantSecretSchema } from '../../../domain/tenant/tenant-secret.ts';
import { scgGateway } from '../../../providers/scg/gateway.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import {
  type Scripted,
  type ScriptedServer,
  scriptedServer,
} from '../../builders/scripted-server.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { http } from '../../support/http.ts';

const accepted: Scripted = { status: 200, body: { id: 'request-1' } };
const signIn: TenantSecret = { scg_access_token: 'token' };

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function send(
  request: Partial<MessageRequest> = {},
  script: Scripted = accepted,
  credentials: TenantSecret = signIn,
  path = '',
): Promise<{ outcome: Outcome; sent: unknown }> {
  server = await scriptedServer(() => script);
  const gateway = scgGateway({ http, clock: () => BUILT_AT, observe: fakeObserve() });
  const outcome = await gateway.send(
    aMessageRequest({ provider: 'scg', from: 'sender_id:one', ...request }),
    tenantSecretSchema.parse({ scg_api_url: server.url + path, ...credentials }),
    new AbortController().signal,
  );
  const [first] = server.received;
  return { outcome, sent: first && JSON.parse(first.body) };
}

describe('what is sent', () => {
  test('an SMS has a sender, one recipient, a body and our reference', async () => {
    const body = 'Hi 👍; #track("https://example.com") for $5 stays';
    const { outcome, sent } = await send({ body });
    expect(outcome).toEqual({ kind: 'accepted', providerMessageId: 'request-1' });
    expect(sent).toEqual({
      from: 'sender_id:one',
      to: ['+12025550123'],
      body,
      external_id: 'identity-1|TSK_202|tenant-a|3f1c2f6e-8a55-4c1b-9d3f-000000000001',
    });
    expect(server?.received[0]).toMatchObject({
      method: 'POST',
      headers: { authorization: 'Bearer token' },
    });
  });

  test('directives in a body are text', async () => {
    const { sent } = await send({ body: 'Hi $name' });
    expect(sent).toMatchObject({ body: `#set($m0='$')Hi \${m0}name` });
  });

  test('media are a list, and a message of media alone has no body', async () => {
    const mediaUrls = ['https://example.com/a.png', 'https://example.com/b.png'];
    const { sent } = await send({ channel: 'MMS', mediaUrls, body: '' });
    expect(sent).toMatchObject({ media_urls: mediaUrls });
    const typed = await send({ channel: 'MMS', mediaUrls: ['https://example.com/ü 1.png'] });
    expect(typed.sent).toMatchObject({ media_urls: ['https://example.com/%C3%BC%201.png'] });
    expect(sent).not.toHaveProperty('body');
  });

  test.each([
    ['SMS', '+12025550123', '+12025550123'],
    ['MMS', '+12025550123', '+12025550123'],
    ['RCS', '+12025550123', '+12025550123'],
    ['WHATSAPP', '+12025550123', 'wa:+12025550123'],
    ['WHATSAPP', 'wa:+12025550123', 'wa:+12025550123'],
    ['FACEBOOK', 'fb:person@page', 'fb:person@page'],
    ['FACEBOOK', 'person@page', 'fb:person@page'],
    ['FACEBOOK', '@person', 'fb:@person'],
    ['FACEBOOK', 'person', 'fb:@person'],
    ['WECHAT', 'WE:person@account', 'WE:person@account'],
    ['WECHAT', 'person', 'we:@person'],
  ] as const)('%s to %s goes to %s', async (channel, to, expected) => {
    const { sent } = await send({ channel, to });
    expect(sent).toMatchObject({ to: [expected] });
  });

  test.each([
    ['RCS', ' {"card":1}\n', true],
    ['RCS', 'Hello', false],
    ['SMS', '{"card":1}', false],
  ] as const)('%s with body %j is a raw RCS message: %s', async (channel, body, isRaw) => {
    const { sent } = await send({ channel, body });
    if (isRaw) expect(sent).toMatchObject({ content_type: 'application/vnd.scg.grcs.raw-message' });
    else expect(sent).not.toHaveProperty('content_type');
  });
});

describe('the secret', () => {
  const standard = '/scg-external-api/api/v1/messaging/message_requests';
  test.each([
    ['', standard],
    ['/scg/', `/scg${standard}`],
    ['/scg-external-api/api/v1', standard],
    [standard, standard],
    [`${standard}/?old=1`, standard],
    ['/gateway/messaging/message_requests', '/gateway/messaging/message_requests'],
  ])('scg_api_url …%s leads to %s', async (path, expected) => {
    await send({}, accepted, signIn, path);
    expect(`${server?.received[0]?.url.pathname}${server?.received[0]?.url.search}`).toBe(expected);
  });

  test('a token pasted with a line break works', async () => {
    await send({}, accepted, { scg_access_token: 'token\n' });
    expect(server?.received[0]?.headers.authorization).toBe('Bearer token');
  });

  test('a token that cannot be put into a header is named as such', async () => {
    const { outcome } = await send({}, accepted, { scg_access_token: 'to\nken' });
    expect(outcome).toMatchObject({
      kind: 'rejected',
      failure: { class: 'config', code: 'secret-unusable' },
    });
    expect(server?.received).toEqual([]);
  });

  test('without a token nothing is sent and the key is named', async () => {
    const { outcome } = await send({}, accepted, {});
    expect(outcome).toMatchObject({
      kind: 'rejected',
      failure: {
        class: 'config',
        code: 'secret-incomplete',
        message: expect.stringContaining('scg_access_token'),
      },
    });
    expect(server?.received).toEqual([]);
  });
});

describe('what is answered', () => {
  const error = (status: number, code: string | number): Scripted => ({
    status,
    body: { error_code: code, error_description: 'to +12025550123: text' },
  });

  test.each<[string, Scripted, string, string, string]>([
    ['a bad recipient', error(400, 'SCG_ERROR_40024'), 'rejected', 'permanent', 'SCG_ERROR_40024'],
    ['a bare code', error(400, '40024'), 'rejected', 'permanent', 'SCG_ERROR_40024'],
    ['a code that is a number', error(403, 4033), 'rejected', 'config', 'SCG_ERROR_4033'],
    ['no credit', error(402, 'SCG_ERROR_4020'), 'rejected', 'config', 'SCG_ERROR_4020'],
    ['a key that is there', error(409, 'SCG_ERROR_1011'), 'unknown', 'unknown', 'SCG_ERROR_1011'],
    ['a conflict', error(409, 'SCG_ERROR_4090'), 'transient', 'transient', 'SCG_ERROR_4090'],
    ['an internal error', error(500, 'SCG_ERROR_5000'), 'unknown', 'unknown', 'SCG_ERROR_5000'],
    ['an outage', error(503, 'SCG_ERROR_5030'), 'unknown', 'unknown', 'SCG_ERROR_5030'],
    ['an unknown code', error(400, 'SCG_ERROR_9'), 'rejected', 'config', 'SCG_ERROR_9'],
    ['a quota', error(402, 'SCG_ERROR_4021'), 'throttled', 'transient', 'SCG_ERROR_4021'],
    ['429', { status: 429, body: '' }, 'throttled', 'transient', 'http-429'],
    ['HTML, 502', { status: 502, body: '<html>' }, 'unknown', 'unknown', 'http-502'],
    ['200 without id', { status: 200, body: {} }, 'unknown', 'unknown', 'answer-unreadable'],
    ['204', { status: 204 }, 'unknown', 'unknown', 'answer-unreadable'],
    ['a reset', 'reset', 'unknown', 'unknown', 'no-answer'],
  ])('%s', async (_, script, kind, failureClass, code) => {
    const { outcome } = await send({}, script);
    expect(outcome).toMatchObject({ kind, failure: { class: failureClass, code } });
    expect(JSON.stringify(outcome)).not.toContain('2025550123');
  });

  test.each([200, 201, 202])('%i with an id is an acceptance', async (status) => {
    const { outcome } = await send({}, { status, body: { id: 'request-1' } });
    expect(outcome).toEqual({ kind: 'accepted', providerMessageId: 'request-1' });
  });

  test.each([
    ['401', error(401, 'SCG_ERROR_4010')],
    ['401 without a code', { status: 401, body: '' }],
    ['404 of an expired token', error(404, 'SCG_ERROR_4046')],
    ['404 of an expired token, bare', error(404, 4046)],
  ] as const)('%s may be cured by a fresh secret', async (_, script) => {
    const { outcome } = await send({}, script);
    expect(outcome).toMatchObject({
      kind: 'rejected',
      authentication: true,
      failure: { class: 'config' },
    });
  });

  test('another 404 may not', async () => {
    const { outcome } = await send({}, error(404, 'SCG_ERROR_4041'));
    expect(outcome).toMatchObject({ kind: 'rejected', failure: { class: 'config' } });
    expect(outcome).not.toHaveProperty('authentication', true);
  });
});
