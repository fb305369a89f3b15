import { describe, expect, it } from 'vitest';
import { accessKeys } from '../../../adapters/aws/access-keys.ts';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { anAccessKeySet, CONNECTOR_KEY } from '../../fakes/access-keys.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { secretStore } from '../../support/secret-store.ts';

function setUp(stored: Readonly<Record<string, unknown>>) {
  const store = secretStore(stored);
  const clock = fakeClock();
  const observe = fakeObserve();
  const keys = accessKeys({
    fetch: store.fetch,
    secretId: 'app/access-keys',
    ttlSeconds: 300,
    clock,
    observe,
  });
  return { store, clock, observe, keys };
}

describe('access keys', () => {
  it('are read once for many callers', async () => {
    const { store, keys } = setUp({ 'app/access-keys': anAccessKeySet() });
    expect(await keys.get()).toEqual(anAccessKeySet());
    expect(await keys.get()).toEqual(anAccessKeySet());
    expect(store.asked).toEqual(['app/access-keys']);
  });

  it('in clear text are read all the same, with one warning that names no key', async () => {
    const { keys, observe } = setUp({ 'app/access-keys': anAccessKeySet() });
    await keys.get();
    await keys.get({ refresh: true });
    expect(observe.lines).toMatchObject([{ level: 'warn', fields: { count: 2 } }]);
    expect(JSON.stringify(observe.lines)).not.toContain(CONNECTOR_KEY);
  });

  it('as digests give no warning', async () => {
    const hashed = [{ name: 'ci360', sha256: 'a'.repeat(64), tenants: '*' }];
    const { keys, observe } = setUp({ 'app/access-keys': { connector: hashed } });
    expect((await keys.get()).connector).toEqual(hashed);
    expect(observe.lines).toEqual([]);
  });

  it('are taken anew when asked to refresh', async () => {
    const { store, clock, keys } = setUp({ 'app/access-keys': anAccessKeySet() });
    await keys.get();
    store.put('app/access-keys', anAccessKeySet({ operator: [] }));
    clock.advance(5 * SECOND);
    expect((await keys.get({ refresh: true })).operator).toEqual([]);
  });

  it('serve on while the store is down', async () => {
    const { store, clock, keys } = setUp({ 'app/access-keys': anAccessKeySet() });
    await keys.get();
    clock.advance(10 * MINUTE);
    store.outage.begin();
    expect(await keys.get()).toEqual(anAccessKeySet());
    expect(await keys.get({ refresh: true })).toEqual(anAccessKeySet());
  });

  it.each([
    ['missing', {}, 'the secret with the access keys does not exist'],
    [
      'too short',
      { 'app/access-keys': { connector: [{ name: 'a', key: 'short', tenants: '*' }] } },
      'wrong value of connector.0.key',
    ],
  ])('that are %s make callers wait, and the log says why', async (_what, stored, error) => {
    const { observe, keys } = setUp(stored);
    await expect(keys.get()).rejects.toThrow(Unavailable);
    expect(observe.lines).toMatchObject([{ level: 'error', fields: { error } }]);
    expect(JSON.stringify(observe.lines)).not.toContain('short');
  });
});
