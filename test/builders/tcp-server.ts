import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';

export type TcpServer = {
  readonly url: (path?: string, protocol?: 'http' | 'https') => URL;
  /** Every byte received, over all connections. */
  readonly received: () => string;
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

/** A server below HTTP, for what a broken provider does to a connection. */
export async function tcpServer(
  onData: (socket: net.Socket, soFar: string) => void,
  options: { readonly tls?: tls.TlsOptions } = {},
): Promise<TcpServer> {
  const open = new Set<net.Socket>();
  let all = '';
  let connections = 0;
  const onConnection = (socket: net.Socket) => {
    connections++;
    open.add(socket);
    let soFar = '';
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    socket.on('data', (chunk) => {
      all += chunk.toString();
      soFar += chunk.toString();
      onData(socket, soFar);
    });
  };
  const server = options.tls
    ? tls.createServer(options.tls, onConnection)
    : net.createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: (path = '/', protocol = options.tls ? 'https' : 'http') =>
      new URL(path, `${protocol}://127.0.0.1:${address.port}`),
    received: () => all,
    connections: () => connections,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Whole requests end with this text in these tests. */
export const END = '-- end';
export const whenWhole =
  (act: (socket: net.Socket) => void) =>
  (socket: net.Socket, soFar: string): void => {
    if (soFar.endsWith(END)) act(socket);
  };
