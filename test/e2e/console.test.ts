import './described.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localKeys } from '../../local/secrets.ts';
import { type Stack, startStack } from '../../local/stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
}, 60_000);
afterAll(() => stack?.close());

describe('the console', () => {
  it('is served by the stack, with a strict policy and files that may be kept for ever', async () => {
    const page = await fetch(`${stack.url}/console`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src/);
    const html = await page.text();
    const paths = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(paths).toHaveLength(3);
    for (const path of paths) {
      // As a browser resolves it.
      const file = await fetch(new URL(path, `${stack.url}/console`));
      expect([path, file.status]).toEqual([path, 200]);
      expect(file.headers.get('cache-control')).toContain('immutable');
      expect(file.headers.get('content-encoding')).toBe('gzip');
      // Unpacked by fetch: what arrives is the file itself.
      expect((await file.text()).length).toBeGreaterThan(100);
    }
    expect((await fetch(`${stack.url}/console/app-00000000.js`)).status).toBe(404);
  });

  it('learns what a key may do', async () => {
    const access = async (key: string) => {
      const answer = await fetch(`${stack.url}/access?tenantId=local-tenant`, {
        headers: { 'x-api-key': key },
      });
      return { status: answer.status, body: await answer.json() };
    };
    expect(await access(localKeys.viewer)).toMatchObject({
      status: 200,
      body: { roles: ['viewer'], tenantId: 'local-tenant' },
    });
    expect(await access(localKeys.operator)).toMatchObject({
      body: { roles: ['viewer', 'operator', 'compliance'], tenants: '*' },
    });
    expect(await access('a-key-that-nobody-has')).toMatchObject({ status: 401 });
  });
});
