import { describe, expect, it } from 'vitest';
import { tenantSecrets } from '../../../adapters/aws/tenant-secrets.ts';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { tenantSecretsContract } from '../../contracts/tenant-secrets.contract.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { aTenantSecret } from '../../fakes/tenant-secrets.ts';
import { secretStore } from '../../support/secret-store.ts';

function setUp(
  stored: Readonly<Record<string, unknown>> = { 'app/tenant-a': aTenantSecret() },
  insecureUrls: 'refuse' | 'allow' = 'refuse',
) {
  const store = secretStore(stored);
  const clock = fakeClock();
  const observe = fakeObserve();
  const secrets = tenantSecrets({
    fetch: store.fetch,
    prefix: 'app/',
    reserved: ['app/access-keys'],
    ttlSeconds: 300,
    insecureUrls,
    clock,
    observe,
  });
  return { store, clock, observe, secrets };
}

tenantSecretsContract('the cache before the store', async () => {
  const { store, clock, secrets } = setUp();
  return {
    secrets,
    put: (tenantId, secret) => store.put(`app/${tenantId}`, secret),
    down: (isDown) => (isDown ? store.outage.begin() : store.outage.end()),
    advance: clock.advance,
  };
});

describe('a URL that starts with http://', () => {
  const urls = ['twilio_api_url', 'scg_api_url', 'ci360_api_url'] as const;
  const withUrl = (key: string, url: string) => ({
    'app/tenant-a': { ...aTenantSecret(), [key]: url },
  });

  it.each(urls)(
    'makes the secret unusable when %s leads to another machine, and is named',
    async (key) => {
      for (const url of ['http://api.example/v1', ' HTTP://10.0.0.7', 'http://127.0.0.1.example']) {
        const { secrets } = setUp(withUrl(key, url));
        expect(await secrets.get('tenant-a')).toEqual({
          kind: 'invalid',
          issue: `${key} starts with http://, which only insecure_urls=allow permits`,
        });
      }
    },
  );

  it.each(urls)('is taken as %s when it leads to this machine', async (key) => {
    for (const url of ['http://127.0.0.1:3001', 'http://localhost:9', 'http://[::1]:3001/twilio']) {
      const { secrets } = setUp(withUrl(key, url));
      expect(await secrets.get('tenant-a')).toMatchObject({
        kind: 'found',
        secret: { [key]: url },
      });
    }
  });

  it.each(urls)('is taken as %s wherever it leads when insecure_urls allows it', async (key) => {
    const { secrets } = setUp(withUrl(key, 'http://api.example'), 'allow');
    expect(await secrets.get('tenant-a')).toMatchObject({ kind: 'found' });
  });

  it('cannot be allowed by the secret itself', async () => {
    const stored = { ...aTenantSecret(), insecureUrls: 'allow', insecure_urls: 'allow' };
    const { secrets } = setUp({ 'app/tenant-a': { ...stored, scg_api_url: 'http://api.example' } });
    expect(await secrets.get('tenant-a')).toMatchObject({ kind: 'invalid' });
    const agents = setUp({ 'app/tenant-a': stored });
    expect(await agents.secrets.get('tenant-a')).not.toHaveProperty('secret.insecureUrls');
  });
});

describe('tenant secrets', () => {
  it('ask the store once for callers that meet', async () => {
    const { store, secrets } = setUp();
    await Promise.all([1, 2, 3].map(() => secrets.get('tenant-a')));
    expect(store.asked).toEqual(['app/tenant-a']);
  });

  it('ask again after the time to live', async () => {
    const { store, clock, secrets } = setUp();
    await secrets.get('tenant-a');
    clock.advance(5 * MINUTE - 1);
    await secrets.get('tenant-a');
    expect(store.asked).toHaveLength(1);
    clock.advance(1);
    await secrets.get('tenant-a');
    expect(store.asked).toHaveLength(2);
  });

  it('let refreshes reach the store once in five seconds', async () => {
    const { store, clock, secrets } = setUp();
    await secrets.get('tenant-a', { refresh: true });
    await Promise.all([1, 2, 3].map(() => secrets.get('tenant-a', { refresh: true })));
    expect(store.asked).toHaveLength(1);
    clock.advance(5 * SECOND);
    await Promise.all([1, 2, 3].map(() => secrets.get('tenant-a', { refresh: true })));
    expect(store.asked).toHaveLength(2);
  });

  it('let a refresh through that follows a plain read at once', async () => {
    const { store, secrets } = setUp();
    await secrets.get('tenant-a');
    store.put('app/tenant-a', aTenantSecret({ twilio_auth_token: 'rotated' }));
    expect(await secrets.get('tenant-a', { refresh: true })).toMatchObject({
      secret: { twilio_auth_token: 'rotated' },
    });
    await secrets.get('tenant-a', { refresh: true });
    expect(store.asked).toHaveLength(2);
  });

  it('look for an unknown tenant twice a minute at most, and find it once it is there', async () => {
    const { store, clock, secrets } = setUp();
    for (let second = 0; second < 30; second++) {
      expect(await secrets.get('tenant-b')).toEqual({ kind: 'unknown-tenant' });
      clock.advance(SECOND);
    }
    expect(store.asked).toHaveLength(1);
    store.put('app/tenant-b', aTenantSecret());
    expect((await secrets.get('tenant-b')).kind).toBe('found');
  });

  it('notice that a tenant was removed', async () => {
    const { store, clock, secrets } = setUp();
    await secrets.get('tenant-a');
    store.remove('app/tenant-a');
    clock.advance(5 * MINUTE);
    expect(await secrets.get('tenant-a')).toEqual({ kind: 'unknown-tenant' });
  });

  it('serve on through an outage with a warning, asking now and then', async () => {
    const { store, clock, observe, secrets } = setUp();
    await secrets.get('tenant-a');
    clock.advance(6 * MINUTE);
    store.outage.begin();
    for (let second = 0; second < 20; second++) {
      expect((await secrets.get('tenant-a', { refresh: second % 2 === 0 })).kind).toBe('found');
      clock.advance(SECOND);
    }
    expect(store.asked.length).toBeLessThanOrEqual(6);
    expect(observe.lines[0]).toMatchObject({ level: 'warn', fields: { dependency: 'secrets' } });
    store.outage.end();
    store.put('app/tenant-a', aTenantSecret({ twilio_auth_token: 'rotated' }));
    clock.advance(10 * SECOND);
    expect(await secrets.get('tenant-a')).toMatchObject({
      secret: { twilio_auth_token: 'rotated' },
    });
  });

  it.each([
    ['no JSON', 'oops', 'the secret is not JSON'],
    ['a list', '[]', 'the secret is not a JSON object'],
    ['a bad URL', '{"twilio_api_url":"hush-hush"}', 'wrong value of twilio_api_url'],
    [
      'two wrong keys',
      '{"twilio_auth_token":12345,"scg_api_url":"ftp://x"}',
      'wrong value of twilio_auth_token, scg_api_url',
    ],
  ])('name what is wrong and no value: %s', async (_what, text, issue) => {
    const { store, secrets } = setUp();
    store.putText('app/tenant-a', text);
    expect(await secrets.get('tenant-a')).toEqual({ kind: 'invalid', issue });
  });

  it('look again soon after a secret that cannot be used', async () => {
    const { store, clock, secrets } = setUp();
    store.putText('app/tenant-a', 'oops');
    expect((await secrets.get('tenant-a')).kind).toBe('invalid');
    store.put('app/tenant-a', aTenantSecret());
    clock.advance(30 * SECOND);
    expect((await secrets.get('tenant-a')).kind).toBe('found');
  });

  it.each([['access-keys'], ['../other'], ['a/b'], [''], ['a'.repeat(65)], ['__proto__']])(
    'never ask the store for what cannot be a tenant: %j',
    async (tenantId) => {
      const { store, secrets } = setUp({ 'app/access-keys': { connector: [] } });
      expect(await secrets.get(tenantId)).toEqual({ kind: 'unknown-tenant' });
      expect(store.asked).toEqual([]);
    },
  );

  it('never forget a tenant because of names that someone makes up', async () => {
    const { store, clock, secrets } = setUp();
    await secrets.get('tenant-a');
    for (let no = 0; no < 5_000; no++) {
      await secrets.get(`made-up-${no}`).catch(() => undefined);
      clock.advance(10);
    }
    store.asked.length = 0;
    expect((await secrets.get('tenant-a')).kind).toBe('found');
    expect(store.asked).toEqual([]);
  });

  it('ask the store for few of many made-up names, and say that they cannot tell about the others', async () => {
    const { store, clock, secrets } = setUp();
    const kinds = new Set<string>();
    for (let no = 0; no < 5_000; no++) {
      const answer = await secrets.get(`made-up-${no}`).catch((error: unknown) => error);
      kinds.add(answer instanceof Unavailable ? 'unavailable' : JSON.stringify(answer));
    }
    expect(store.asked).toHaveLength(50);
    expect([...kinds].sort()).toEqual(['unavailable', '{"kind":"unknown-tenant"}'].sort());
    clock.advance(SECOND);
    for (let no = 0; no < 100; no++) await secrets.get(`later-${no}`).catch(() => undefined);
    expect(store.asked).toHaveLength(55);
  });

  it('find any number of real tenants at once, also for a fresh instance', async () => {
    const names = Array.from({ length: 200 }, (_, no) => `tenant-${no}`);
    const { secrets } = setUp(Object.fromEntries(names.map((n) => [`app/${n}`, aTenantSecret()])));
    for (const name of names) expect((await secrets.get(name)).kind).toBe('found');
  });

  it('remember the last thousand unknown names for half a minute', async () => {
    const { store, clock, secrets } = setUp();
    for (let no = 0; no < 100; no++) {
      await secrets.get(`made-up-${no}`);
      clock.advance(200);
    }
    store.asked.length = 0;
    for (let no = 1; no < 100; no++) await secrets.get(`made-up-${no}`);
    expect(store.asked).toEqual([]);
  });
});
