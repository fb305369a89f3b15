import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export type WebhookOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  | { readonly kind: 'not-connected' }
  | { readonly kind: 'timed-out' };

export type WebhookClient = {
  /** One POST, no retry of an answer. `readTimeoutMs` counts from the last byte seen. Never throws. */
  readonly post: (
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    readTimeoutMs?: number,
  ) => Promise<WebhookOutcome>;
  readonly close: () => void;
};

/** Calls the connector's webhooks over kept-alive connections, `connections` at a time. */
export function createWebhookClient(connections = 32): WebhookClient {
  const http = new HttpAgent({ keepAlive: true, maxSockets: connections });
  const https = new HttpsAgent({ keepAlive: true, maxSockets: connections });
  const post: WebhookClient['post'] = (url, body, headers, readTimeoutMs = 15_000) =>
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
          resolve(post(url, body, headers, readTimeoutMs));
        else resolve({ kind: 'not-connected' });
      });
      request.end(body);
    });
  return {
    post,
    close: () => {
      http.destroy();
      https.destroy();
    },
  };
}
