import { gunzipSync } from 'node:zlib';
import { files, page } from '../console/dist/assets.js';
import { notFound } from '../domain/refused.ts';
import { readConfig } from './runtime/config.ts';
import type { HttpRoute } from './runtime/http.ts';
import { httpHandler } from './runtime/http.ts';
import { observation } from './runtime/observe.ts';

/** `GET /console` and its files. They hold no data: what the page shows it asks the API for, with a key. */
export const handler = httpHandler(observation('console'), wire);

/** Nothing but the page's own files may run, and only the service may be called. */
const securityHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const acceptsGzip = (accepted = ''): boolean =>
  accepted
    .split(',')
    .some((coding) => /^\s*(gzip|\*)\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));

function wire(): HttpRoute {
  readConfig('console');
  const byName = new Map(Object.entries(files));
  return async ({ params: { file }, headers }) => {
    if (file === undefined) {
      return {
        status: 200,
        headers: {
          ...securityHeaders,
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-cache',
        },
        body: page,
      };
    }
    const asset = byName.get(file);
    if (asset === undefined) throw notFound('The console has no such file.');
    const common = {
      ...securityHeaders,
      'content-type': asset.type,
      // Another content has another name.
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    };
    if (!acceptsGzip(headers['accept-encoding'])) {
      const body = gunzipSync(Buffer.from(asset.gzip, 'base64')).toString('utf8');
      return { status: 200, headers: common, body };
    }
    // An HTTP API does not compress.
    return {
      status: 200,
      headers: { ...common, 'content-encoding': 'gzip' },
      body: asset.gzip,
      isBase64: true,
    };
  };
}
