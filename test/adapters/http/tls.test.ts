import * as tls from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { httpClient } from '../../../adapters/http/client.ts';
import { slowReader } from '../../builders/slow-reader.ts';
import { END, type TcpServer, tcpServer, whenWhole } from '../../builders/tcp-server.ts';
import { selfSigned } from '../../support/self-signed.ts';

const trusted = tls.getCACertificates('default');
let server: TcpServer | undefined;
let credentials: ReturnType<typeof selfSigned>;
beforeEach(() => {
  credentials = selfSigned();
});
afterEach(async () => {
  tls.setDefaultCACertificates(trusted);
  await server?.close();
});

const never = new AbortController().signal;
const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
const post = (url: URL, signal = never, client = httpClient({ clock: () => 0 })) =>
  client({ method: 'POST', url, body: `hello ${END}` }, signal);

test('a certificate that is not trusted: the request was never written', async () => {
  server = await tcpServer(
    whenWhole((socket) => socket.write(ok)),
    { tls: credentials },
  );
  expect(await post(server.url())).toEqual({
    kind: 'not-written',
    code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
  });
  expect(server.received()).toBe('');
});

test('a trusted one: answers come over one connection', async () => {
  tls.setDefaultCACertificates([credentials.cert]);
  server = await tcpServer(
    whenWhole((socket) => socket.write(ok)),
    { tls: credentials },
  );
  const client = httpClient({ clock: () => 0 });
  expect(await post(server.url(), never, client)).toMatchObject({ status: 200, body: '{}' });
  expect(await post(server.url(), never, client)).toMatchObject({ status: 200, body: '{}' });
  expect(server.connections()).toBe(1);
});

test('a connection that breaks after the handshake: in doubt', async () => {
  tls.setDefaultCACertificates([credentials.cert]);
  server = await tcpServer(
    whenWhole((socket) => socket.destroy()),
    { tls: credentials },
  );
  expect(await post(server.url())).toMatchObject({ kind: 'unanswered' });
  expect(server.received()).toContain('hello');
});

test('time runs out after the handshake: in doubt', async () => {
  tls.setDefaultCACertificates([credentials.cert]);
  const stop = new AbortController();
  server = await tcpServer(
    whenWhole(() => stop.abort()),
    { tls: credentials },
  );
  expect(await post(server.url(), stop.signal)).toEqual({ kind: 'unanswered', code: 'ABORT_ERR' });
});

test('a request that is given up is not delivered further', async () => {
  tls.setDefaultCACertificates([credentials.cert]);
  const stop = new AbortController();
  // TLS 1.3 servers write once more after the handshake; closing with that unread is a reset by itself.
  const until12 = { ...credentials, maxVersion: 'TLSv1.2' } as const;
  const { url, ended, close } = await slowReader(() => stop.abort(), until12);
  const body = 'x'.repeat(8 * 1024 * 1024);
  const result = await httpClient({ clock: () => 0 })({ method: 'POST', url, body }, stop.signal);
  expect(result).toEqual({ kind: 'unanswered', code: 'ABORT_ERR' });
  expect(await ended()).toBe('ECONNRESET');
  await close();
});

test('time runs out while the body of an answer is read: its status stands', async () => {
  tls.setDefaultCACertificates([credentials.cert]);
  const stop = new AbortController();
  server = await tcpServer(
    whenWhole((socket) => {
      socket.write('HTTP/1.1 201 Created\r\ncontent-length: 99\r\n\r\n{"sid":');
    }),
    { tls: credentials },
  );
  let asked = 0;
  // The client looks at its clock when it begins, and again when the head of an answer has come.
  const clock = () => {
    asked += 1;
    if (asked === 2) setImmediate(() => stop.abort());
    return 0;
  };
  const result = await post(server.url(), stop.signal, httpClient({ clock }));
  expect(result).toMatchObject({ status: 201, complete: false });
});

test('a connection that is made after its request was given up serves the next', async () => {
  tls.setDefaultCACertificates([credentials.cert]);
  server = await tcpServer(
    whenWhole((socket) => socket.write(ok)),
    { tls: credentials },
  );
  const client = httpClient({ clock: () => 0 });
  const stop = new AbortController();
  const first = post(server.url(), stop.signal, client);
  stop.abort();
  expect(await first).toEqual({ kind: 'not-written', code: 'ABORT_ERR' });
  expect(await post(server.url(), never, client)).toMatchObject({ status: 200 });
  expect(server.received().split('POST')).toHaveLength(2);
});

test('nobody listens: the request was never written', async () => {
  server = await tcpServer(() => undefined, { tls: credentials });
  const url = server.url();
  await server.close();
  expect(await post(url)).toEqual({ kind: 'not-written', code: 'ECONNREFUSED' });
});
