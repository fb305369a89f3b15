import { describe, expect, it } from 'vitest';
import { type ApiOptions, apiClient, Problem } from '../../console/client.ts';

type Sent = { readonly url: string; readonly init: RequestInit };

function client(answer: () => Response | Promise<Response>, options: Partial<ApiOptions> = {}) {
  const sent: Sent[] = [];
  let unauthorized = 0;
  const api = apiClient({
    base: 'https://connector.example/',
    key: 'the-key',
    tenantId: 'tenant-a',
    fetch: async (url, init) => {
      sent.push({ url, init });
      return answer();
    },
    onUnauthorized: () => {
      unauthorized += 1;
    },
    ...options,
  });
  return { api, sent, unauthorized: () => unauthorized };
}

const refused = (status: number, message?: string) => () =>
  Response.json(
    message === undefined ? {} : { error: { code: 'CODE', message, requestId: 'request-1' } },
    { status },
  );

const problemOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('a call of the console', () => {
  it('presents the key in a header, without cookies, and leaves nothing in the cache', async () => {
    const { api, sent } = client(() => Response.json({ items: [] }));
    expect(await api.get('/campaigns', { limit: 20, cursor: undefined })).toEqual({ items: [] });
    expect(sent).toMatchObject([
      {
        url: 'https://connector.example/campaigns?tenantId=tenant-a&limit=20',
        init: {
          method: 'GET',
          headers: { 'x-api-key': 'the-key' },
          credentials: 'omit',
          cache: 'no-store',
          redirect: 'error',
        },
      },
    ]);
    expect(sent[0]?.url).not.toContain('the-key');
  });

  it('stays below the address of the page', async () => {
    const { api, sent } = client(() => Response.json({}), { base: 'https://x.example/stage/' });
    await api.get('/status');
    expect(sent[0]?.url).toBe('https://x.example/stage/status?tenantId=tenant-a');
  });

  it('names the tenant in a body, and repeats under the key it was given', async () => {
    const { api, sent } = client(() => Response.json({}, { status: 202 }));
    await api.post('/replays', { class: 'config' }, 'once');
    expect(sent[0]?.init).toMatchObject({ headers: { 'idempotency-key': 'once' } });
    expect(JSON.parse(String(sent[0]?.init.body))).toEqual({
      tenantId: 'tenant-a',
      class: 'config',
    });
  });

  it.each([
    [403, 'This needs a key with the role operator.', 'This needs a key with the role operator.'],
    [409, 'The replay is completed.', 'The replay is completed.'],
    [429, undefined, 'There were too many requests at once. Wait a moment.'],
    [500, 'Internal', 'The service had an error. Its log has the reason.'],
    [418, undefined, 'The service answered 418.'],
  ])('that is refused with %i says so in a sentence', async (status, message, sentence) => {
    const { api, unauthorized } = client(refused(status, message));
    expect(await problemOf(api.get('/status'))).toMatchObject({ status, message: sentence });
    expect(unauthorized()).toBe(0);
  });

  it('with a key that is not valid any more signs out', async () => {
    const { api, unauthorized } = client(refused(401, 'A valid key is needed'));
    expect(await problemOf(api.post('/replays'))).toBeInstanceOf(Problem);
    expect(unauthorized()).toBe(1);
  });

  it('that does not reach the service says so', async () => {
    const { api } = client(() => Promise.reject(new TypeError('Failed to fetch')));
    expect(await problemOf(api.get('/status'))).toMatchObject({
      status: 0,
      message: 'The service cannot be reached.',
    });
  });

  it('that is answered by something else than JSON keeps its status', async () => {
    const { api } = client(() => new Response('<html>', { status: 503 }));
    expect(await problemOf(api.get('/status'))).toMatchObject({ status: 503 });
  });
});
