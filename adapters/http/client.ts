import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { type Clock, SECOND } from '../../domain/clock.ts';
import type { Exchange, HttpClient } from '../../domain/exchange.ts';
import { USER_AGENT } from '../user-agent.ts';
import { ResettableTlsAgent, resetConnection } from './resettable-tls.ts';

type Options = {
  readonly clock: Clock;
  /** Answers are read up to here. */
  readonly maxBodyBytes?: number;
};

/** A frozen Lambda does not hear that its connections were closed, so one that rested longer is not used again. */
const MAX_IDLE = 3 * SECOND;
const MEBIBYTE = 1024 * 1024;

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name;
};

/** Closes connections that rested too long by our clock, which runs on while the process is frozen. */
function closeIdle(agent: http.Agent, restingSince: WeakMap<Socket, number>, now: number): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) {
      const since = restingSince.get(socket);
      // One that was made for a request that was given up meanwhile has rested for nobody knows how long.
      if (since === undefined || Math.abs(now - since) > MAX_IDLE) socket.destroy();
    }
  }
}

async function readBody(
  response: http.IncomingMessage,
  maxBytes: number,
): Promise<{ body: string; complete: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  const text = () => Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
  try {
    for await (const chunk of response) {
      chunks.push(Buffer.from(chunk));
      size += chunk.length;
      if (size > maxBytes) return { body: text(), complete: false };
    }
    return { body: text(), complete: response.complete };
  } catch {
    return { body: text(), complete: false };
  }
}

const flat = (headers: NodeJS.Dict<string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, values]) => [name, values?.join(', ') ?? '']),
  );

/**
 * One request, one verdict; never throws. Built on `node:https` and not on `fetch`, because only here
 * it can be known for certain that a request was never written. Connections are reused.
 */
export function httpClient({ clock, maxBodyBytes = MEBIBYTE }: Options): HttpClient {
  const agents = {
    'http:': new http.Agent({ keepAlive: true }),
    'https:': new ResettableTlsAgent({ keepAlive: true }),
  };
  const restingSince = new WeakMap<Socket, number>();

  return ({ method, url, headers = {}, body }, signal) =>
    new Promise((resolve) => {
      const secure = url.protocol === 'https:';
      const agent = secure ? agents['https:'] : agents['http:'];
      closeIdle(agent, restingSince, clock());
      let connection: Socket | undefined;
      /** While it is `connecting`, no byte of the request can have left. */
      let stage: 'connecting' | 'written' | 'answered' = 'connecting';
      const end = (exchange: Exchange) => {
        signal.removeEventListener('abort', giveUp);
        resolve(exchange);
      };
      const fail = (error: unknown) => {
        // The status of an answer stands, however its body ends.
        if (stage === 'answered') return;
        const kind = stage === 'written' ? 'unanswered' : 'not-written';
        end({ kind, code: signal.aborted ? 'ABORT_ERR' : codeOf(error) });
      };
      // Before the request hears of it, which then closes the connection in the usual way.
      function giveUp(): void {
        // A request that waits for its connection does not tell of its end until it has one.
        if (connection === undefined) fail(signal.reason);
        else if (stage !== 'connecting') resetConnection(connection);
      }
      if (signal.aborted) return giveUp();
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        const length = body === undefined ? {} : { 'content-length': `${Buffer.byteLength(body)}` };
        const request = (secure ? https : http).request(url, {
          method,
          agent,
          headers: { accept: 'application/json', 'user-agent': USER_AGENT, ...length, ...headers },
          signal,
        });
        request.on('socket', (socket) => {
          connection = socket;
          const writing = () => {
            stage = 'written';
          };
          // TLS connections come with their handshake done. For others Node holds the bytes back.
          if (secure || request.reusedSocket) writing();
          else socket.once('connect', writing);
        });
        request.on('error', fail);
        request.on('response', async (response) => {
          stage = 'answered';
          const { socket } = response;
          restingSince.set(socket, clock());
          const { body: text, complete } = await readBody(response, maxBodyBytes);
          restingSince.set(socket, clock());
          end({
            kind: 'answer',
            status: response.statusCode ?? 0,
            headers: flat(response.headersDistinct),
            body: text,
            complete,
          });
        });
        request.end(body);
      } catch (error) {
        end({ kind: 'invalid', code: codeOf(error) });
      }
    });
}
