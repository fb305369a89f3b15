import { createServer } from 'node:http';
import { Waiters } from '../../../local/simulators/waiters.ts';

export type Received = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly form: Readonly<Record<string, string>>;
};

/** Stands in for the connector: keeps what its webhooks get and answers as it is told. */
export async function startReceiver() {
  const received: Received[] = [];
  const waiters = new Waiters();
  let answers: { status: number; body?: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({
      path: request.url ?? '',
      headers: request.headers,
      body,
      form: Object.fromEntries(new URLSearchParams(body)),
    });
    const answer = answers.shift() ?? { status: 204 };
    response.writeHead(answer.status).end(answer.body);
    waiters.notify();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    received,
    /** The next requests are answered so, the ones after with 204. */
    answerWith: (...next: { status: number; body?: string }[]): void => {
      answers = next;
    },
    waitForCount: (count: number): Promise<Received[]> =>
      waiters.until(() => received.length >= count && received, `${count} webhook calls`),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
