import { once } from 'node:events';
import type { Server } from 'node:http';

/** Listens on 127.0.0.1 and answers with the base URL. Port 0 takes a free one. */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not a TCP server');
  return `http://127.0.0.1:${address.port}`;
}

/** Longest wait for requests that are being answered when a server closes. */
const PATIENCE_MS = 2000;

/** Stops listening, lets running requests end, then drops every connection. A closed server stays closed. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), PATIENCE_MS);
  await closed;
  clearTimeout(timer);
}
