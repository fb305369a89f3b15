import { once } from 'node:events';
import * as net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { httpClient } from '../../../adapters/http/client.ts';
import { SECOND } from '../../../domain/clock.ts';
import { type Answer, type Exchange, retryAfterSeconds } from '../../../domain/exchange.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { deafServer } from '../../builders/deaf-server.ts';
import { slowReader } from '../../builders/slow-reader.ts';
import { END, type TcpServer, tcpServer, whenWhole } from '../../builders/tcp-server.ts';

let server: TcpServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const MEBIBYTE = 1024 * 1024;
const never = new AbortController().signal;
const clock = () => 0;

function post(
  url: URL,
  signal: AbortSignal = never,
  client = httpClient({ clock }),
): Promise<Exchange> {
  return client({ method: 'POST', url, body: `hello ${END}` }, signal);
}

const ok = (body: string, headers = '') =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;

const answer = (over: Partial<Answer> = {}): Answer => ({
  kind: 'answer',
  status: 503,
  headers: {},
  body: '',
  complete: true,
  ...over,
});

test('every request says which version of the connector it comes from', async () => {
  server = await tcpServer(whenWhole((socket) => socket.end(ok(''))));
  await post(server.url());
  expect(server.received()).toMatch(
    new RegExp(`^user-agent: ci360-mobile-connector/${manifest.version}\r$`, 'im'),
  );
});

describe('a request that was never written', () => {
  test('is known when nobody listens', async () => {
    server = await tcpServer(() => undefined);
    const url = server.url();
    await server.close();
    expect(await post(url)).toEqual({ kind: 'not-written', code: 'ECONNREFUSED' });
  });

  test('is known when the name does not resolve', async () => {
    const result = await post(new URL('http://no-such-host.invalid/'));
    expect(result).toMatchObject({ kind: 'not-written' });
  });

  test('is known when the other side does not speak TLS', async () => {
    server = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const result = await post(server.url('/', 'https'));
    expect(result).toMatchObject({ kind: 'not-written' });
    expect(server.received()).not.toContain('hello');
  });

  test('is known when the TLS handshake fails', async () => {
    server = await tcpServer(() => undefined, { tls: {} });
    const result = await post(server.url());
    expect(result).toMatchObject({ kind: 'not-written' });
    expect(server.received()).toBe('');
  });

  test('is known when time runs out during the TLS handshake', async () => {
    const stop = new AbortController();
    server = await tcpServer(() => stop.abort());
    const result = await post(server.url('/', 'https'), stop.signal);
    expect(result).toEqual({ kind: 'not-written', code: 'ABORT_ERR' });
    expect(server.received()).not.toContain('hello');
  });

  test('is known when time had run out before', async () => {
    server = await tcpServer(() => undefined);
    expect(await post(server.url(), AbortSignal.abort())).toMatchObject({ kind: 'not-written' });
    expect(server.connections()).toBe(0);
  });

  // A request that waited for its connection would outlast the test.
  test.each(['http', 'https'] as const)(
    'is known when time runs out before a connection: %s',
    async (protocol) => {
      const host = await deafServer();
      const result = await post(host.url(protocol), AbortSignal.timeout(50));
      expect(result).toEqual({ kind: 'not-written', code: 'ABORT_ERR' });
      await host.close();
    },
    5 * SECOND,
  );

  test('is known when a header cannot be put into HTTP', async () => {
    server = await tcpServer(() => undefined);
    const call = {
      method: 'POST',
      url: server.url(),
      headers: { authorization: 'a\r\nb: c' },
    } as const;
    expect(await httpClient({ clock })(call, never)).toMatchObject({ kind: 'invalid' });
    expect(server.received()).toBe('');
  });
});

describe('a request that was written and not answered', () => {
  test('is in doubt after a reset', async () => {
    server = await tcpServer(whenWhole((socket) => socket.resetAndDestroy()));
    expect(await post(server.url())).toMatchObject({ kind: 'unanswered' });
    expect(server.received()).toContain('hello');
  });

  test('is in doubt after a close', async () => {
    server = await tcpServer(whenWhole((socket) => socket.end()));
    expect(await post(server.url())).toMatchObject({ kind: 'unanswered' });
  });

  test('is in doubt when time runs out', async () => {
    const stop = new AbortController();
    server = await tcpServer(whenWhole(() => stop.abort()));
    expect(await post(server.url(), stop.signal)).toEqual({
      kind: 'unanswered',
      code: 'ABORT_ERR',
    });
  });

  test('is not delivered further once it is given up', async () => {
    const stop = new AbortController();
    const { url, ended, close } = await slowReader(() => stop.abort());
    const result = await httpClient({ clock })(
      { method: 'POST', url, body: 'x'.repeat(8 * MEBIBYTE) },
      stop.signal,
    );
    expect(result).toEqual({ kind: 'unanswered', code: 'ABORT_ERR' });
    expect(await ended()).toBe('ECONNRESET');
    await close();
  });

  test('is in doubt when the answer is not HTTP', async () => {
    server = await tcpServer(whenWhole((socket) => socket.end('what?\r\n\r\n')));
    expect(await post(server.url())).toMatchObject({ kind: 'unanswered' });
  });

  test('is in doubt when a connection used before breaks', async () => {
    let requests = 0;
    server = await tcpServer(
      whenWhole((socket) => {
        if (++requests === 1) socket.write(ok('first'));
        else socket.resetAndDestroy();
      }),
    );
    const client = httpClient({ clock });
    await post(server.url(), never, client);
    expect(await post(server.url(), never, client)).toMatchObject({ kind: 'unanswered' });
    expect(server.connections()).toBe(1);
  });
});

describe('an answer', () => {
  test('has its status, headers and body', async () => {
    server = await tcpServer(whenWhole((socket) => socket.write(ok('grüße', 'X-Id: 7\r\n'))));
    expect(await post(server.url())).toMatchObject({
      kind: 'answer',
      status: 200,
      headers: { 'x-id': '7' },
      body: 'grüße',
      complete: true,
    });
  });

  test('keeps its status when the body is cut off', async () => {
    server = await tcpServer(
      whenWhole((socket) => socket.end('HTTP/1.1 400 Bad\r\ncontent-length: 99\r\n\r\n{"co')),
    );
    expect(await post(server.url())).toMatchObject({
      status: 400,
      body: '{"co',
      complete: false,
    });
  });

  test('keeps its status when time runs out in its body', async () => {
    const stop = new AbortController();
    server = await tcpServer(
      whenWhole((socket) => {
        socket.write('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"sid"', () =>
          setImmediate(() => stop.abort()),
        );
      }),
    );
    const result = await post(server.url(), stop.signal);
    // The status may not have been read yet when time runs out: then it is in doubt.
    expect([
      { kind: 'answer', complete: false },
      { kind: 'unanswered', complete: undefined },
    ]).toContainEqual({
      kind: result.kind,
      complete: result.kind === 'answer' ? result.complete : undefined,
    });
  });

  test('is read up to the limit', async () => {
    server = await tcpServer(whenWhole((socket) => socket.write(ok('x'.repeat(100_000)))));
    const result = await post(server.url(), never, httpClient({ clock, maxBodyBytes: 10 }));
    expect(result).toMatchObject({ status: 200, body: 'x'.repeat(10), complete: false });
  });

  test('that points elsewhere is not followed', async () => {
    server = await tcpServer(
      whenWhole((socket) =>
        socket.write('HTTP/1.1 307 Moved\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n'),
      ),
    );
    expect(await post(server.url())).toMatchObject({ status: 307 });
    expect(server.received().match(/POST/g)).toHaveLength(1);
  });
});

describe('connections', () => {
  const answering = () => tcpServer(whenWhole((socket) => socket.write(ok('{}'))));

  test('are reused', async () => {
    server = await answering();
    const client = httpClient({ clock });
    for (let i = 0; i < 5; i++) await post(server.url(), never, client);
    expect(server.connections()).toBe(1);
  });

  test('that rested through a freeze are not', async () => {
    server = await answering();
    let now = 0;
    const client = httpClient({ clock: () => now });
    await post(server.url(), never, client);
    now += 4 * SECOND;
    expect(await post(server.url(), never, client)).toMatchObject({ status: 200 });
    expect(server.connections()).toBe(2);
  });

  test('closed by the other side meanwhile are not', async () => {
    const closed = Promise.withResolvers<void>();
    server = await tcpServer(
      whenWhole((socket) => {
        socket.once('close', () => closed.resolve());
        socket.end(ok('{}'));
      }),
    );
    const client = httpClient({ clock });
    await post(server.url(), never, client);
    await closed.promise;
    expect(await post(server.url(), never, client)).toMatchObject({ status: 200 });
    expect(server.connections()).toBe(2);
  });
});

describe('Retry-After', () => {
  test.each([
    [{ 'retry-after': '7' }, 7],
    [{ 'retry-after': ' 0 ' }, 0],
    [{ 'retry-after': 'Thu, 24 Aug 2023 05:01:55 GMT' }, 10],
    [
      {
        'retry-after': 'Thu, 24 Aug 2023 05:01:55 GMT',
        date: 'Thu, 24 Aug 2023 05:01:50 GMT',
      },
      5,
    ],
    [{ 'retry-after': 'Thu, 24 Aug 2023 04:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '-1' }, undefined],
    [{}, undefined],
  ])('%j is %s', (headers, seconds) => {
    const now = Date.parse('Thu, 24 Aug 2023 05:01:45 GMT');
    expect(retryAfterSeconds(answer({ headers }), now)).toBe(seconds);
  });
});

test('the test server sees what it claims to see', async () => {
  server = await tcpServer(() => undefined);
  const socket = net.connect(Number(server.url().port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('bytes');
  await once(socket, 'close');
  expect(server.received()).toBe('bytes');
});
