import { describe, expect, it } from 'vitest';
import { authenticator, forbidden, unauthorized } from '../../../domain/access/access.ts';
import { DAY, SECOND } from '../../../domain/clock.ts';
import { keyDigest, sameSecret } from '../../../handlers/runtime/same-secret.ts';
import { anAccessKeySet, CONNECTOR_KEY, fakeAccessKeys } from '../../fakes/access-keys.ts';
import { fakeObserve } from '../../fakes/observe.ts';

const NEW_KEY = 'connector-key-after-rotation';
const rotated = anAccessKeySet({
  connector: [
    { name: 'old', key: CONNECTOR_KEY, tenants: '*' },
    { name: 'new', key: NEW_KEY, tenants: '*' },
  ],
});

function given() {
  let now = 1_000_000;
  const keys = fakeAccessKeys();
  const observe = fakeObserve();
  const clock = () => now;
  const authenticate = authenticator({
    keys,
    same: sameSecret,
    digest: keyDigest,
    clock,
    observe,
  });
  const call = (key: string) => authenticate({ 'x-api-key': key }, 'connector');
  return {
    keys,
    observe,
    authenticate,
    call,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

describe('authentication', () => {
  it('knows a valid key without asking the store again', async () => {
    const { call, keys } = given();
    expect((await call(CONNECTOR_KEY))?.name).toBe('ci360');
    expect(keys.refreshes()).toBe(0);
  });

  it('knows a key that was added a moment ago', async () => {
    const { call, keys } = given();
    await call(CONNECTOR_KEY);
    keys.rotate(rotated);
    expect((await call(NEW_KEY))?.name).toBe('new');
    expect((await call(CONNECTOR_KEY))?.name).toBe('old');
  });

  it('asks the store once in 30 seconds however many keys are guessed', async () => {
    const { call, keys, wait } = given();
    for (let guess = 0; guess < 50; guess += 1) {
      expect(await call(`a-guess-of-a-key-${guess}`)).toBeUndefined();
    }
    expect(keys.refreshes()).toBe(1);
    wait(30 * SECOND);
    await call('a-guess-of-a-key-51');
    expect(keys.refreshes()).toBe(2);
  });

  it('lets callers that meet share one refresh', async () => {
    const { call, keys } = given();
    keys.rotate(rotated);
    const callers = await Promise.all([call(NEW_KEY), call(NEW_KEY), call(NEW_KEY)]);
    expect(callers.map((caller) => caller?.name)).toEqual(['new', 'new', 'new']);
    expect(keys.refreshes()).toBe(1);
  });

  it('refuses an expired key like an unknown one, and only the log says which it was', async () => {
    const { call, keys, observe, wait } = given();
    keys.rotate(
      anAccessKeySet({
        connector: [{ name: 'former', key: NEW_KEY, tenants: '*', expires: '1970-01-01' }],
      }),
    );
    expect((await call(NEW_KEY))?.name).toBe('former');
    wait(DAY);
    expect(await call(NEW_KEY)).toBeUndefined();
    expect(await call('a-guess-of-a-key')).toBeUndefined();
    expect(observe.lines).toMatchObject([
      { level: 'warn', fields: { caller: 'former', code: 'key-expired' } },
    ]);
  });

  it('does not ask anyone for a request without a key', async () => {
    const { authenticate, keys } = given();
    expect(await authenticate({}, 'connector')).toBeUndefined();
    expect(keys.refreshes()).toBe(0);
  });
});

describe('refusals', () => {
  it('say how to authenticate', () => {
    const answer = unauthorized();
    expect(answer.status).toBe(401);
    expect(answer.headers?.['www-authenticate']).toMatch(/Bearer .*Basic /);
  });

  it('name neither key nor tenant', () => {
    expect(forbidden()).toMatchObject({ status: 403, code: 'FORBIDDEN', details: [] });
  });
});

describe('the comparison of secrets', () => {
  it('tells equal from different, whatever the lengths', () => {
    expect(sameSecret('a', 'a')).toBe(true);
    expect(sameSecret('a', 'b')).toBe(false);
    expect(sameSecret('a', 'aa')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});
