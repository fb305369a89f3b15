import { describe, expect, it } from 'vitest';
import {
  accessKeysSchema,
  findCaller,
  mayActFor,
  presentedKeys,
} from '../../../domain/access/access-keys.ts';
import { anAccessKeySet, CONNECTOR_KEY, OPERATOR_KEY } from '../../fakes/access-keys.ts';

const basic = (userAndPassword: string) =>
  `Basic ${Buffer.from(userAndPassword, 'utf8').toString('base64')}`;
const same = (a: string, b: string) => a === b;

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
    expect(findCaller([CONNECTOR_KEY], keys, 'connector', same)).toEqual({
      name: 'ci360',
      tenants: ['tenant-a'],
    });
  });

  it('is found when one of two presented keys is valid', () => {
    expect(findCaller(['a-gateway-s-own-key', CONNECTOR_KEY], keys, 'connector', same)?.name).toBe(
      'ci360',
    );
  });

  it('is nobody for a key of the other role', () => {
    expect(findCaller([OPERATOR_KEY], keys, 'connector', same)).toBeUndefined();
    expect(findCaller([CONNECTOR_KEY], keys, 'operator', same)).toBeUndefined();
  });

  it('is nobody for a part of a key, or none', () => {
    expect(findCaller([CONNECTOR_KEY.slice(0, -1)], keys, 'connector', same)).toBeUndefined();
    expect(findCaller([], keys, 'connector', same)).toBeUndefined();
  });

  it('may do what any entry of its key allows', () => {
    const twice = anAccessKeySet({
      connector: [
        { name: 'first', key: CONNECTOR_KEY, tenants: ['tenant-a'] },
        { name: 'second', key: CONNECTOR_KEY, tenants: ['tenant-b'] },
      ],
    });
    const caller = findCaller([CONNECTOR_KEY], twice, 'connector', same);
    expect(caller?.tenants).toEqual(['tenant-a', 'tenant-b']);
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
    findCaller(['key-one-of-three'], three, 'connector', (a, b) => {
      compared.push(b);
      return a === b;
    });
    expect(compared).toHaveLength(3);
  });

  it('may act for its tenants alone, or for all with a star', () => {
    expect(mayActFor({ name: 'x', tenants: ['tenant-a'] }, 'tenant-a')).toBe(true);
    expect(mayActFor({ name: 'x', tenants: ['tenant-a'] }, 'tenant-b')).toBe(false);
    expect(mayActFor({ name: 'x', tenants: '*' }, 'tenant-b')).toBe(true);
  });
});

describe('the secret with the keys', () => {
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
