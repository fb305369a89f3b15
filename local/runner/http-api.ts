import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { closeServer, listen } from '../emulators/listen.ts';
import type { Cors, RouteResource } from '../template/resources.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import { type HttpResult, splitUrl, toEvent, toResult } from './http-event.ts';
import { router } from './routes.ts';

/** Largest request that API Gateway takes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export type HttpApi = {
  readonly url: string;
  /** Begins to serve. Until then every request is answered 503. */
  readonly serve: (
    routes: readonly RouteResource[],
    cors: Cors | undefined,
    invoke: Invoke,
  ) => void;
  readonly close: () => Promise<void>;
};

/** Invokes a function by its ARN. */
type Invoke = (functionArn: string, event: unknown) => Promise<unknown>;
type Answer = (request: IncomingMessage, body: Buffer) => Promise<HttpResult>;

/** An HTTP API as API Gateway runs it: routes, payload 2.0, CORS, its own answers when a function has none. */
export async function startHttpApi(port: number): Promise<HttpApi> {
  let answer: Answer = async () => gateway(503, 'Service Unavailable');

  const server = createServer(async (request, response) => {
    const body = await read(request).catch(() => undefined);
    const result =
      body === undefined
        ? gateway(413, 'Request Entity Too Large')
        : await answer(request, body).catch(() => gateway(500, 'Internal Server Error'));
    respond(response, result);
  });
  const url = await listen(server, port);
  return {
    url,
    serve: (routes, cors, invoke) => {
      answer = answering(routes, cors, invoke);
    },
    close: () => closeServer(server),
  };
}

function answering(
  routes: readonly RouteResource[],
  cors: Cors | undefined,
  invoke: Invoke,
): Answer {
  const find = router(routes);
  return async (request, body) => {
    const { path } = splitUrl(request.url ?? '/');
    const origin = request.headers.origin;
    if (cors && request.method === 'OPTIONS') {
      return { status: 204, headers: preflightHeaders(cors, origin), body: '' };
    }
    const match = find(request.method ?? 'GET', path);
    if (!match) return gateway(404, 'Not Found');
    const { routeKey, functionArn, timeoutMs } = match.route;
    const event = toEvent(request, body, routeKey, match.params);
    const patience = new AbortController();
    const result = await Promise.race([
      invoke(functionArn, event).then(toResult, () => gateway(500, 'Internal Server Error')),
      wait(timeoutMs, gateway(503, 'Service Unavailable'), { signal: patience.signal }),
    ]).finally(() => patience.abort());
    return {
      ...result,
      headers: {
        ...result.headers,
        ...corsHeaders(cors, origin),
        'apigw-requestid': event.requestContext.requestId,
      },
    };
  };
}

/** An answer of API Gateway's own. */
const gateway = (status: number, message: string): HttpResult => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // What is over the limit is read and forgotten, so that the caller gets to see the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw new RangeError('too large');
  return Buffer.concat(chunks);
}

function respond(response: ServerResponse, { status, headers, body }: HttpResult): void {
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  if (status === 204) response.removeHeader('content-type');
  response.writeHead(status).end(body);
}
