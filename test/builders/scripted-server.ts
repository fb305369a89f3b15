import { once } from 'node:events';
import * as http from 'node:http';

export type Received = {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
};

export type Scripted =
  | 'hang'
  | 'reset'
  | {
      readonly status: number;
      readonly headers?: http.OutgoingHttpHeaders;
      /** An object is sent as JSON. */
      readonly body?: unknown;
    };

export type ScriptedServer = {
  readonly url: string;
  readonly received: readonly Received[];
  readonly close: () => Promise<void>;
};

/** A provider that answers by a script, on a port of its own. */
export async function scriptedServer(
  script: (request: Received) => Scripted,
): Promise<ScriptedServer> {
  const received: Received[] = [];
  const server = http.createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const request = {
      method: incoming.method ?? '',
      url: new URL(incoming.url ?? '/', 'http://provider'),
      headers: incoming.headers,
      body,
    };
    received.push(request);
    const answer = script(request);
    if (answer === 'hang') return;
    if (answer === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
