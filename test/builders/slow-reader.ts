import { once } from 'node:events';
import * as net from 'node:net';
import * as tls from 'node:tls';

/**
 * A server that reads the beginning of what one client sends, says so, and reads on only when it is
 * asked how the connection ended: `end`, or the error's code. What is under way then is still taken in.
 */
export async function slowReader(onBegin: () => void, options?: tls.TlsOptions) {
  const connected = Promise.withResolvers<net.Socket>();
  const ending = Promise.withResolvers<string>();
  const onConnection = (socket: net.Socket) => {
    socket.once('end', () => ending.resolve('end'));
    socket.once('error', (error: NodeJS.ErrnoException) => ending.resolve(error.code ?? ''));
    socket.once('data', () => {
      socket.pause();
      connected.resolve(socket);
      onBegin();
    });
  };
  const server = options ? tls.createServer(options, onConnection) : net.createServer(onConnection);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: new URL(`${options ? 'https' : 'http'}://127.0.0.1:${address.port}/`),
    ended: async (): Promise<string> => {
      const socket = await connected.promise;
      socket.on('data', () => undefined);
      socket.resume();
      return ending.promise;
    },
    close: async () => {
      (await connected.promise).destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
