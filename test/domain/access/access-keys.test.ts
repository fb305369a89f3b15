import { describe, expect, it } from 'vitest';
import {
  type AccessRole,
  accessKeysSchema,
  clearKeys,
  findCaller,
  mayActFor,
  presentedKeys,
} from '../../../domain/access/access-keys.ts';
import { keyDigest } from '../../../handlers/runtime/same-secret.ts';
import { anAccessKeySet, CONNECTOR_KEY, OPERATOR_KEY } from '../../fakes/access-keys.ts';

const basic = (userAndPassword: string) =>
  `Basic ${Buffer.from(userAndPassword, 'utf8').toString('base64')}`;
const now = Date.parse('2026-03-02T09:00:00Z');
const same = (a: string, b: string) => a === b;
const digest = keyDigest;
const by = { same, digest, now };

describe('the keys a request presents', () => {
  it.each([
    ['x-api-key', { 'x-api-key': CONNECTOR_KEY }],
    ['x-api-key with blanks around it', { 'x-api-key': ` ${CONNECTOR_KEY} ` }],
    ['Bearer', { authorization: `Bearer ${CONNECTOR_KEY}` }],
    ['bearer in lower case', { authorization: `bearer  ${CONNECTOR_KEY}` }],
    ['Basic with any user name', { authorization: basic(`anyone:${CONNECTOR_KEY}`) }],
    ['Basic without a user name', { authorization: basic(`:${CONNECTOR_KEY}`) }],
  ])('are read from %s', (_name, headers) => {
    expect(presentedKeys(headers)).toEqual([CONNECTOR_KEY]);
  });

  it('keep colons in the password of Basic', () => {
    expect(presentedKeys({ authorization: basic('user:a:b:c') })).toEqual(['a:b:c']);
  });

  it.each([
    ['nothing', {}],
    ['an empty header', { 'x-api-key': '', authorization: '' }],
    ['a scheme alone', { authorization: 'Bearer' }],
    ['another scheme', { authorization: `Digest ${CONNECTOR_KEY}` }],
    ['Basic that is not user:password', { authorization: basic('no-colon') }],
    ['Basic with an empty password', { authorization: basic('user:') }],
    ['Basic that is not base64', { authorization: 'Basic ???' }],
  ])('are none in %s', (_name, headers) => {
    expect(presentedKeys(headers)).toEqual([]);
  });
});

describe('the caller', () => {
  const keys = anAccessKeySet();

  it('is the holder of the key', () => {
    expect(findCaller([CONNECTOR_KEY], keys, 'connector', by)).toEqual({
      kind: 'caller',
      caller: { name: 'ci360', tenants: ['tenant-a'] },
    });
  });

  it('is found when one of two presented keys is valid', () => {
    expect(findCaller(['a-gateway-s-own-key', CONNECTOR_KEY], keys, 'connector', by)).toMatchObject(
      { caller: { name: 'ci360' } },
    );
  });

  it('is nobody for a key of the other role', () => {
    expect(findCaller([OPERATOR_KEY], keys, 'connector', by).kind).toBe('unknown');
    expect(findCaller([CONNECTOR_KEY], keys, 'operator', by).kind).toBe('unknown');
  });

  it('may look with a key of any role that looks, and change with a key of that role only', () => {
    const entry = { name: 'looker', key: 'viewer-key-for-tests', tenants: '*' as const };
    const some = anAccessKeySet({ viewer: [entry] });
    const kind = (key: string, role: AccessRole) => findCaller([key], some, role, by).kind;
    expect(kind(entry.key, 'viewer')).toBe('caller');
    expect(kind(OPERATOR_KEY, 'viewer')).toBe('caller');
    expect(kind(entry.key, 'operator')).toBe('unknown');
    expect(kind(OPERATOR_KEY, 'compliance')).toBe('unknown');
    expect(kind(CONNECTOR_KEY, 'viewer')).toBe('unknown');
    expect(kind(CONNECTOR_KEY, 'agents')).toBe('caller');
  });

  it('is nobody for a part of a key, or none', () => {
    expect(findCaller([CONNECTOR_KEY.slice(0, -1)], keys, 'connector', by).kind).toBe('unknown');
    expect(findCaller([], keys, 'connector', by).kind).toBe('unknown');
  });

  it('may do what any entry of its key allows', () => {
    const twice = anAccessKeySet({
      connector: [
        { name: 'first', key: CONNECTOR_KEY, tenants: ['tenant-a'] },
        { name: 'second', key: CONNECTOR_KEY, tenants: ['tenant-b'] },
      ],
    });
    expect(findCaller([CONNECTOR_KEY], twice, 'connector', by)).toMatchObject({
      caller: { tenants: ['tenant-a', 'tenant-b'] },
    });
  });

  it('has its key compared with every entry, so that time tells nothing', () => {
    const compared: string[] = [];
    const three = anAccessKeySet({
      connector: ['key-one-of-three', 'key-two-of-three', 'key-three-of-three'].map((key) => ({
        name: key,
        key,
        tenants: '*' as const,
      })),
    });
    const watched = (a: string, b: string) => {
      compared.push(b);
      return a === b;
    };
    findCaller(['key-one-of-three'], three, 'connector', { ...by, same: watched });
    expect(compared).toHaveLength(3);
  });

  it('is known by the SHA-256 of its key, in capitals or not', () => {
    for (const sha256 of [digest(CONNECTOR_KEY), digest(CONNECTOR_KEY).toUpperCase()]) {
      const hashed = accessKeysSchema.parse({
        connector: [{ name: 'ci360', sha256, tenants: '*' }],
      });
      expect(findCaller([CONNECTOR_KEY], hashed, 'connector', by).kind).toBe('caller');
      expect(findCaller([sha256], hashed, 'connector', by).kind).toBe('unknown');
    }
  });

  it.each([
    ['2026-03-02', 'caller'],
    ['2026-03-01', 'expired'],
    ['2026-03-02T09:00:01Z', 'caller'],
    ['2026-03-02T09:00:00Z', 'expired'],
    ['2026-03-02T10:30:00+02:00', 'expired'],
  ])('with a key that expires %s is known as %s on 2026-03-02 at 09:00 UTC', (expires, kind) => {
    const keys = accessKeysSchema.parse({
      connector: [{ name: 'ci360', sha256: digest(CONNECTOR_KEY), tenants: '*', expires }],
    });
    expect(findCaller([CONNECTOR_KEY], keys, 'connector', by).kind).toBe(kind);
  });

  it('gets no tenants from an entry that has expired', () => {
    const entry = { name: 'ci360', key: CONNECTOR_KEY };
    const keys = accessKeysSchema.parse({
      connector: [
        { ...entry, tenants: '*', expires: '2026-01-01' },
        { ...entry, tenants: ['tenant-b'] },
      ],
    });
    expect(findCaller([CONNECTOR_KEY], keys, 'connector', by)).toMatchObject({
      caller: { tenants: ['tenant-b'] },
    });
  });

  it('may act for its tenants alone, or for all with a star', () => {
    expect(mayActFor({ name: 'x', tenants: ['tenant-a'] }, 'tenant-a')).toBe(true);
    expect(mayActFor({ name: 'x', tenants: ['tenant-a'] }, 'tenant-b')).toBe(false);
    expect(mayActFor({ name: 'x', tenants: '*' }, 'tenant-b')).toBe(true);
  });
});

describe('the secret with the keys', () => {
  it.each([
    ['a digest that is too short', { sha256: 'abc' }, 'sha256'],
    ['a day that there is not', { sha256: 'a'.repeat(64), expires: '2026-02-30' }, 'expires'],
    ['a misspelled `expires`', { key: CONNECTOR_KEY, expiry: '2026-01-01' }, 'expiry'],
  ])('refuses %s and names it', (_what, fields, named) => {
    const given = { operator: [{ name: 'on-call', tenants: '*', ...fields }] };
    const { error } = accessKeysSchema.safeParse(given);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([`operator.0.${named}`]);
  });

  it('tells which keys are in it as they are', () => {
    const given = {
      connector: [{ name: 'hashed', sha256: 'a'.repeat(64), tenants: '*' }],
      operator: [{ name: 'clear', key: OPERATOR_KEY, tenants: '*' }],
    };
    expect(clearKeys(accessKeysSchema.parse(given))).toEqual(['clear']);
  });

  it('may leave a role out', () => {
    const { connector } = anAccessKeySet();
    expect(accessKeysSchema.parse({ connector }).operator).toEqual([]);
  });

  it.each([
    ['short', 'short-key'],
    ['with a blank', 'a key with blanks in it'],
    ['beyond ASCII', 'schlüssel-zum-haus'],
  ])('refuses a key that is %s', (_name, key) => {
    const given = { operator: [{ name: 'on-call', key, tenants: '*' }] };
    expect(accessKeysSchema.safeParse(given).success).toBe(false);
  });

  it('refuses a key without tenants: all tenants takes a star', () => {
    const given = (tenants: unknown) => ({
      connector: [{ name: 'ci360', key: CONNECTOR_KEY, tenants }],
    });
    expect(accessKeysSchema.safeParse(given(undefined)).success).toBe(false);
    expect(accessKeysSchema.safeParse(given([])).success).toBe(false);
    expect(accessKeysSchema.safeParse(given('*')).success).toBe(true);
  });
});
