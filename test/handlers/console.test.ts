import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { handler } from '../../handlers/console.ts';
import { anApiEvent } from '../builders/api-event.ts';

const get = (path: string, headers: Record<string, string> = {}) => {
  const file = path.split('/')[2];
  const params = file === undefined ? {} : { params: { file } };
  return handler(anApiEvent({ method: 'GET', path, headers, ...params }));
};

const page = async () => (await get('/console')).body ?? '';
const filesOf = (html: string) => [...html.matchAll(/(?:src|href)="(console\/[^"]+)"/g)];

describe('the page', () => {
  it('is HTML that a browser asks for again each time', async () => {
    const { statusCode, headers } = await get('/console');
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
  });

  it('runs nothing but its own files, in no frame, and calls nobody but the service', async () => {
    const { headers } = await get('/console');
    expect(headers?.['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  it('has no script, style or handler of its own', async () => {
    const html = await page();
    expect(html).not.toMatch(/<style|style=|\son\w+=|javascript:|https?:/i);
    expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/i);
  });

  it('is not sent again to a browser that has it', async () => {
    const { headers } = await get('/console');
    const again = await get('/console', { 'if-none-match': String(headers?.etag) });
    expect([again.statusCode, again.body]).toEqual([304, undefined]);
  });
});

describe('a file of the page', () => {
  it('is there for each name in it, compressed, and may be kept for ever', async () => {
    const paths = filesOf(await page()).map(([, path]) => `/${path}`);
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      const answer = await get(path, { 'accept-encoding': 'gzip, br' });
      expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: true });
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-encoding': 'gzip',
        vary: 'accept-encoding',
        'x-content-type-options': 'nosniff',
      });
      const plain = await get(path);
      expect(plain.headers).not.toHaveProperty('content-encoding');
      const unpacked = gunzipSync(Buffer.from(answer.body ?? '', 'base64')).toString();
      expect(plain.body).toBe(unpacked);
    }
  });

  it.each(['gzip;q=0', 'br', 'identity'])('is not compressed for %s', async (accepted) => {
    const [, path] = filesOf(await page())[0] ?? [];
    const answer = await get(`/${path}`, { 'accept-encoding': accepted });
    expect(answer.headers).not.toHaveProperty('content-encoding');
  });

  it.each(['app.js', 'constructor', '__proto__', '..%2fpackage.json'])(
    'is not there under the name %s',
    async (name) => {
      expect((await get(`/console/${name}`)).statusCode).toBe(404);
    },
  );
});
