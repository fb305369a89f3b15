import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { closeServer, listen } from '../../../local/emulators/listen.ts';
import type { Between } from '../../../local/stack.ts';

/** One call of a function to AWS, as it passes by. */
export type AwsCall = {
  readonly service: Between;
  /** As AWS names it: `PutItem`, `SendMessage`, `GetSecretValue`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** The function that calls, by its key in the template. */
  readonly caller: string;
};

/** What a call may meet. The calling function sees nothing else of it. */
export type Mishap =
  /** An error of AWS's in place of the service's answer; the call does not arrive. */
  | { readonly kind: 'error'; readonly status: number; readonly type: string }
  /** The connection breaks before the call arrives, or after it was done and before its answer. */
  | { readonly kind: 'cut-before' | 'cut-after' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** Done twice, answered once. */
  | { readonly kind: 'twice' }
  | { readonly kind: 'changed'; readonly input: Readonly<Record<string, unknown>> }
  /** Something happens (a worker is killed) before the call arrives, which then never does, or after it was done. */
  | { readonly kind: 'before' | 'after'; readonly happens: () => Promise<unknown> };

export type Rule = (call: AwsCall) => Mishap | undefined;

/** Stands between the functions and the emulators, and lets calls meet a mishap. */
export type FaultProxy = {
  /** From now on every call is asked about here; undefined lets all pass. */
  readonly meet: (rule: Rule | undefined) => void;
  /** For `StackOptions.between`. */
  readonly between: (service: Between, url: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

const inputSchema = z.record(z.string(), z.unknown());

export function faultProxy(): FaultProxy {
  const agent = new Agent({ keepAlive: true });
  const ends: (() => Promise<void>)[] = [];
  let rule: Rule | undefined;

  async function pass(service: Between, target: string, from: IncomingMessage, to: ServerResponse) {
    const body = await buffer(from);
    const operation = String(from.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const parsed = inputSchema.safeParse(JSON.parse(body.toString() || '{}'));
    const input = parsed.success ? parsed.data : {};
    const caller = /\bapp\/([\w-]+)/.exec(from.headers['user-agent'] ?? '')?.[1] ?? '';
    const mishap = rule?.({ service, operation, input, caller });
    const forward = (payload: Buffer = body) => call(agent, target, from, payload);

    switch (mishap?.kind) {
      case undefined:
        return answer(to, await forward());
      case 'error':
        to.writeHead(mishap.status, { 'content-type': 'application/x-amz-json-1.0' });
        return to.end(JSON.stringify({ __type: mishap.type, message: 'Simulated.' }));
      case 'cut-before':
        return from.socket.resetAndDestroy();
      case 'cut-after':
        await forward();
        return from.socket.resetAndDestroy();
      case 'delay':
        await delay(mishap.ms, undefined, { ref: false });
        return answer(to, await forward());
      case 'twice':
        await forward();
        return answer(to, await forward());
      case 'changed':
        return answer(to, await forward(Buffer.from(JSON.stringify(mishap.input))));
      case 'before':
        await mishap.happens();
        return from.socket.destroy();
      case 'after':
        await forward();
        await mishap.happens();
        return from.socket.destroy();
    }
  }

  return {
    meet: (next) => {
      rule = next;
    },
    between: async (service, target) => {
      const server = createServer({ keepAliveTimeout: 60_000 }, (from, to) => {
        // Whoever called has gone, or the emulator has: the connection ends, and that is a fault too.
        pass(service, target, from, to).catch(() => from.socket.destroy());
      });
      ends.push(() => closeServer(server));
      return listen(server, 0);
    },
    close: async () => {
      await Promise.all(ends.map((end) => end()));
      agent.destroy();
    },
  };
}

type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

function call(agent: Agent, target: string, from: IncomingMessage, body: Buffer): Promise<Answer> {
  const { host: _ours, 'content-length': _old, ...headers } = from.headers;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(from.url ?? '/', target),
      { agent, method: from.method, headers: { ...headers, 'content-length': body.length } },
      (incoming) => {
        buffer(incoming).then(
          (read) =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: read }),
          reject,
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

function answer(to: ServerResponse, { status, headers, body }: Answer) {
  const { 'transfer-encoding': _chunks, connection: _theirs, ...kept } = headers;
  to.writeHead(status, { ...kept, 'content-length': body.length });
  return to.end(body);
}
