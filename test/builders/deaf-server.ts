import { once } from 'node:events';
import * as net from 'node:net';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';

/** Listens with the shortest queue there is, and then takes up nothing. */
const deaf = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** A host to which no connection is made any more: those that it would let wait are waiting already. */
export async function deafServer() {
  const worker = new Worker(deaf, { eval: true });
  const port = z.tuple([z.number()]).parse(await once(worker, 'message'))[0];
  const waiting = Array.from({ length: 8 }, () =>
    net.connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await once(waiting[0] ?? worker, 'connect');
  return {
    url: (protocol: 'http' | 'https') => new URL(`${protocol}://127.0.0.1:${port}/`),
    close: async () => {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}
