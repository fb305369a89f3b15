import { describe, expect, it } from 'vitest';
import type { TenantSecret } from '../../../../domain/tenant/tenant-secret.ts';
import { mayEnterWebhook, sameWebhookAccess } from '../../../../providers/scg/webhook/access.ts';

const password = {
  scg_webhook_username: 'user',
  scg_webhook_password: 'password',
} satisfies TenantSecret;
const token = { scg_webhook_token: 'token' } satisfies TenantSecret;
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const enter = (authorization: string | undefined, secret: TenantSecret | undefined) =>
  mayEnterWebhook(authorization === undefined ? {} : { authorization }, secret, (a, b) => a === b);

describe('the SCG webhook of a tenant', () => {
  it('lets in its user and password, or its token', () => {
    expect(enter(basic('user:password'), password)).toBe(true);
    expect(enter('  bearer   token ', token)).toBe(true);
  });

  it.each([
    ['nothing', undefined, password],
    ['another password', basic('user:other'), password],
    ['another token', 'Bearer other', token],
    ['a token with something behind it', 'Bearer token more', token],
    ['a token with something before it', 'and Bearer token', token],
    ['another scheme', 'Digest token', token],
    ['anything, where there is no secret', basic('undefined:no-password'), undefined],
    ['the stand-in for a missing token', 'Bearer no-password', password],
    ['the stand-in for a missing user', basic('undefined:no-password'), token],
    [
      'the stand-in for a blank password',
      basic('user:no-password'),
      { ...password, scg_webhook_password: '' },
    ],
    [
      'a user that the secret does not name',
      basic('undefined:password'),
      { scg_webhook_password: 'password' },
    ],
  ])('does not let in %s', (_, authorization, secret) => {
    expect(enter(authorization, secret)).toBe(false);
  });
});

describe('two tenants share a webhook', () => {
  it('when the same user and password, or the same token, opens both', () => {
    expect(sameWebhookAccess(password, { ...password })).toBe(true);
    expect(sameWebhookAccess(token, { ...password, ...token })).toBe(true);
  });

  it.each([
    ['neither names any', {}, {}],
    ['only the password is the same', password, { ...password, scg_webhook_username: 'other' }],
    ['only the user is the same', password, { ...password, scg_webhook_password: 'other' }],
    ['the tokens differ', token, { scg_webhook_token: 'other' }],
    ['both have a blank token', { scg_webhook_token: '' }, { scg_webhook_token: '' }],
    ['one has a token and the other a password', token, password],
  ])('but not when %s', (_, one, other) => {
    expect(sameWebhookAccess(one, other)).toBe(false);
  });
});
