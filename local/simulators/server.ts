import {
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../domain/clock.ts';
import type { FaultSwitch } from './fault.ts';
import type { Inspection } from './inspection.ts';
import { type Answer, answer, type SimRequest, type Simulator } from './simulator.ts';

/** A simulator with what the server keeps for it. */
export type Mounted = {
  readonly simulator: Simulator;
  readonly faults: FaultSwitch;
  readonly inspection: Inspection;
};

export type ServerOptions = {
  readonly mounted: ReadonlyMap<string, Mounted>;
  /** Answers `/_…`; undefined where there is nothing. */
  readonly control: (request: SimRequest) => Promise<Answer | Streamed | undefined>;
  readonly clock: Clock;
  /** Time every request takes where no fault says otherwise. */
  readonly latencyMs: number;
};

/** A list that may be too long for one string. */
export type Streamed = { readonly kind: 'stream'; readonly items: Iterable<unknown> };

export function createSimulatorServer(options: ServerOptions): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, outgoing) => {
    serve(options, incoming, outgoing).catch((error: unknown) => {
      if (incoming.errored || outgoing.destroyed) return; // The client went away.
      console.error('simulator:', error);
      outgoing.destroy();
    });
  });
  return server;
}

async function serve(
  options: ServerOptions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const rawBody = await readBody(incoming);
  const url = new URL(incoming.url ?? '/', 'http://simulator');
  const request: SimRequest = {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: rawBody.toString('utf8'),
    rawBody,
  };
  if (url.pathname.startsWith('/_')) {
    const result = (await options.control(request)) ?? answer(404, { error: noSuchPath });
    if (result.kind === 'stream') await stream(outgoing, result.items);
    else write(outgoing, result, {});
    return;
  }
  const found = route(options.mounted, url.pathname);
  if (!found) return write(outgoing, answer(404, { error: noSuchPath }), {});

  const { mounted, path } = found;
  const answered = mounted.inspection.received({
    at: new Date(options.clock()).toISOString(),
    method: request.method,
    path: incoming.url ?? '/',
    headers: plainHeaders(incoming),
    body: request.body,
  });
  const result = await withFault(mounted, { ...request, path }, options.latencyMs);
  if (result.kind === 'hang') return;
  if (result.kind === 'reset') {
    incoming.socket.resetAndDestroy();
    return;
  }
  answered(result.status);
  write(outgoing, result, { date: new Date(options.clock()).toUTCString() });
}

const noSuchPath =
  'There is nothing here. Try GET /_inspect/{name}, PUT /_faults/{name} or POST /_reply/{name}';

/** The fault of the moment around the simulator's own answer. */
async function withFault(
  { simulator, faults }: Mounted,
  request: SimRequest,
  latencyMs: number,
): Promise<Answer> {
  const fault = faults.current;
  const wait = fault.latencyMs ?? latencyMs;
  if (wait > 0) await delay(wait, undefined, { ref: false });
  const isSend = simulator.creates?.(request) ?? request.method === 'POST';
  const failing = () => {
    const plain = simulator.errorAnswer(fault.status, fault.code);
    if (fault.retryAfter === undefined) return plain;
    return { ...plain, headers: { ...plain.headers, 'retry-after': String(fault.retryAfter) } };
  };
  const mode = faults.next(isSend);
  switch (mode) {
    case 'none':
      return simulator.handle(request);
    case 'status':
      return failing();
    case 'hang':
    case 'reset':
      return { kind: mode };
    case 'accept-then-status':
    case 'accept-then-hang':
    case 'accept-then-reset': {
      const result = await simulator.handle(request);
      // What was refused anyway was not accepted: the refusal is seen.
      if (result.kind !== 'answer' || result.status >= 300) return result;
      if (mode === 'accept-then-status') return failing();
      return { kind: mode === 'accept-then-hang' ? 'hang' : 'reset' };
    }
  }
}

function route(
  mounted: ReadonlyMap<string, Mounted>,
  pathname: string,
): { mounted: Mounted; path: string } | undefined {
  const first = pathname.split('/')[1] ?? '';
  const named = mounted.get(first);
  if (named) return { mounted: named, path: pathname.slice(first.length + 1) || '/' };
  for (const each of mounted.values())
    if (each.simulator.rootPaths?.includes(first)) return { mounted: each, path: pathname };
  return undefined;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const plainHeaders = (incoming: IncomingMessage): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

function write(outgoing: ServerResponse, result: Answer, extra: OutgoingHttpHeaders): void {
  if (result.kind !== 'answer') {
    outgoing.destroy();
    return;
  }
  const { status, headers, body } = result;
  const isText = typeof body === 'string';
  const payload = body === undefined ? '' : isText ? body : JSON.stringify(body);
  outgoing.writeHead(status, {
    ...extra,
    ...(body === undefined
      ? {}
      : { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' }),
    'content-length': Buffer.byteLength(payload),
    ...headers,
  });
  outgoing.end(payload);
}

async function stream(outgoing: ServerResponse, items: Iterable<unknown>): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  await pipeline(Readable.from(jsonChunks(items)), outgoing);
}

/** The items as one JSON array, in pieces worth writing. */
function* jsonChunks(items: Iterable<unknown>): Generator<string> {
  let chunk = '[';
  let separator = '';
  for (const item of items) {
    chunk += separator + JSON.stringify(item);
    separator = ',\n';
    if (chunk.length < 256 * 1024) continue;
    yield chunk;
    chunk = '';
  }
  yield `${chunk}]`;
}
