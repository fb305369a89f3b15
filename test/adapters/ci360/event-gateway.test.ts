import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { eventGateway } from '../../../adapters/ci360/event-gateway.ts';
import { ci360Token } from '../../../adapters/ci360/token.ts';
import { httpClient } from '../../../adapters/http/client.ts';
import { type TcpServer, tcpServer } from '../../builders/tcp-server.ts';
import { fakeClock } from '../../fakes/clock.ts';

const event = { eventName: 'sms_delivered', datahub_id: 'identity-1', status: 'delivered' };
const clock = fakeClock();
const gateway = (timeoutMs = 10_000) =>
  eventGateway({ http: httpClient({ clock }), timeoutMs, clock });
const never = () => new AbortController().signal;

let server: TcpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** A gateway that answers everything with these lines. */
async function answering(...lines: string[]) {
  server = await tcpServer((socket, soFar) => {
    if (soFar.includes('}')) socket.end(`HTTP/1.1 ${lines.join('\r\n')}\r\n\r\n`);
  });
  return { ci360_api_url: server.url('/marketingGateway/events').href, ci360_token: 'ready-token' };
}

describe('an event for CI360', () => {
  it('is posted as JSON with the token of the tenant', async () => {
    const secret = await answering('202 Accepted', 'content-length: 0');
    expect(await gateway().inject(event, secret, never())).toEqual({ kind: 'accepted' });
    const received = server?.received() ?? '';
    expect(received).toMatch(/^POST \/marketingGateway\/events HTTP\/1.1/);
    expect(received).toContain('authorization: Bearer ready-token');
    expect(received).toContain('content-type: application/json');
    expect(received.endsWith(JSON.stringify(event))).toBe(true);
  });

  it.each(['', '/', '/marketingGateway', '/marketingGateway/'])(
    'finds its way where the secret names the host and "%s"',
    async (path) => {
      const { ci360_api_url, ci360_token } = await answering('200 OK', 'content-length: 0');
      const shown = { ci360_api_url: new URL(ci360_api_url).origin + path, ci360_token };
      await gateway().inject(event, shown, never());
      expect(server?.received()).toMatch(/^POST \/marketingGateway\/events /);
    },
  );

  it.each([
    ['200 OK', { kind: 'accepted' }],
    ['403 Forbidden', { kind: 'retry', retryAfterSeconds: 60, failure: { class: 'config' } }],
    ['429 Too Many', { kind: 'retry', failure: { class: 'transient', code: 'ci360-429' } }],
    ['500 Error', { kind: 'retry', failure: { class: 'transient' } }],
    ['503 Down', { kind: 'retry', failure: { class: 'transient' } }],
    ['408 Timeout', { kind: 'retry' }],
    ['401 Unauthorized', { kind: 'rejected', authentication: true, failure: { class: 'config' } }],
    ['400 Bad Request', { kind: 'rejected', failure: { class: 'config', code: 'ci360-400' } }],
    ['404 Not Found', { kind: 'rejected', failure: { class: 'config' } }],
    ['302 Found', { kind: 'rejected', failure: { class: 'config' } }],
  ])('that is answered %s comes to what it should', async (status, injection) => {
    const secret = await answering(status, 'content-length: 0');
    expect(await gateway().inject(event, secret, never())).toMatchObject(injection);
  });

  it.each(['403 Forbidden', '429 Too Many', '503 Down'])(
    'waits as long as %s asks for',
    async (status) => {
      const secret = await answering(status, 'retry-after: 7', 'content-length: 0');
      expect(await gateway().inject(event, secret, never())).toMatchObject({
        kind: 'retry',
        retryAfterSeconds: 7,
      });
    },
  );

  it('is tried again when nobody answers in time', async () => {
    server = await tcpServer(() => undefined);
    const secret = { ci360_api_url: server.url('/').href, ci360_token: 't' };
    expect(await gateway(50).inject(event, secret, never())).toMatchObject({
      kind: 'retry',
      failure: { class: 'transient', code: 'ci360-unreachable' },
    });
  });

  it('is tried again when nobody is there', async () => {
    const gone = await tcpServer(() => undefined);
    const url = gone.url('/').href;
    await gone.close();
    const secret = { ci360_api_url: url, ci360_token: 't' };
    expect(await gateway().inject(event, secret, never())).toMatchObject({ kind: 'retry' });
  });

  it.each([
    [{ ci360_token: 't' }, 'ci360_api_url'],
    [{ ci360_api_url: 'http://127.0.0.1:9/' }, 'ci360_token'],
    [{ ci360_api_url: 'http://127.0.0.1:9/', ci360_tenant_id: 'only-half' }, 'ci360_token'],
  ])('is refused with the name of the key that %j lacks', async (secret, key) => {
    expect(await gateway().inject(event, secret, never())).toMatchObject({
      kind: 'rejected',
      failure: {
        class: 'config',
        code: 'secret-incomplete',
        message: expect.stringContaining(key),
      },
    });
  });

  it('is refused when the token fits no header', async () => {
    const secret = { ci360_api_url: 'http://127.0.0.1:9/', ci360_token: 'two\nlines' };
    expect(await gateway().inject(event, secret, never())).toMatchObject({
      kind: 'rejected',
      failure: { code: 'ci360-token-invalid' },
    });
  });
});

describe('the token', () => {
  it('is the ready one where there is one', () => {
    expect(
      ci360Token({ ci360_token: 'ready', ci360_tenant_id: 'a', ci360_client_secret: 'b' }),
    ).toBe('ready');
  });

  it('is signed as SAS signs it: HS256, the key being the base64 text of the client secret', () => {
    const token =
      ci360Token({ ci360_tenant_id: 'tenant-a', ci360_client_secret: 'client-secret' }) ?? '';
    const [header = '', payload = '', signature] = token.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({
      alg: 'HS256',
      typ: 'JWT',
    });
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
      clientID: 'tenant-a',
    });
    expect(signature).toBe(
      createHmac('sha256', 'Y2xpZW50LXNlY3JldA==')
        .update(`${header}.${payload}`)
        .digest('base64url'),
    );
  });
});
