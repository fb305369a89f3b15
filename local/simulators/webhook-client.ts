import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isLoopback } from '../../domain/tenant/insecure-url.ts';

export type WebhookOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  | { readonly kind: 'not-connected' }
  | { readonly kind: 'timed-out' }
  /** Its host is not this machine: nothing was sent, and its name was not looked up. */
  | { readonly kind: 'undeliverable' };

/** A callback that was not sent because its host is not this machine. */
type Undeliverable = { readonly url: string; readonly body: string };

export type WebhookClient = {
  /** One POST, no retry of an answer. `readTimeoutMs` counts from the last byte seen. Never throws. */
  readonly post: (
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    readTimeoutMs?: number,
  ) => Promise<WebhookOutcome>;
  /** The last of them, oldest first. */
  readonly undeliverable: () => readonly Undeliverable[];
  readonly close: () => void;
};

type Options = {
  /** Where on this machine a URL is served, for one that others reach through a tunnel; default: at itself. */
  readonly servedAt?: (url: string) => string;
  /** Connections at a time. */
  readonly connections?: number;
};

/** Undeliverable callbacks that are remembered. */
const REMEMBERED = 1000;

/** Calls the connector's webhooks over kept-alive connections, on this machine only. */
export function createWebhookClient({
  servedAt = (url) => url,
  connections = 32,
}: Options = {}): WebhookClient {
  const undeliverable: Undeliverable[] = [];
  const http = new HttpAgent({ keepAlive: true, maxSockets: connections });
  const https = new HttpsAgent({ keepAlive: true, maxSockets: connections });
  const call: WebhookClient['post'] = (url, body, headers, readTimeoutMs = 15_000) =>
    new Promise((resolve) => {
      const isSecure = url.startsWith('https:');
      const request = (isSecure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: isSecure ? https : http,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        timeout: readTimeoutMs,
      });
      request.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({
            kind: 'answered',
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: text,
          }),
        );
        response.on('error', () => resolve({ kind: 'timed-out' }));
      });
      request.on('timeout', () => {
        resolve({ kind: 'timed-out' });
        request.destroy();
      });
      request.on('error', (error: NodeJS.ErrnoException) => {
        // A kept-alive connection that the other side had closed already: it never saw the request.
        if (request.reusedSocket && error.code === 'ECONNRESET')
          resolve(call(url, body, headers, readTimeoutMs));
        else resolve({ kind: 'not-connected' });
      });
      request.end(body);
    });
  return {
    post: async (url, body, headers, readTimeoutMs) => {
      const target = URL.parse(servedAt(url));
      if (target !== null && isLoopback(target)) {
        return call(target.href, body, headers, readTimeoutMs);
      }
      undeliverable.push({ url, body });
      if (undeliverable.length > REMEMBERED) undeliverable.shift();
      return { kind: 'undeliverable' };
    },
    undeliverable: () => undeliverable,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}
