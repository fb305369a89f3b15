import { expect, it } from 'vitest';
import { personOf } from '../../../domain/feedback/person-of.ts';
import { aReply } from '../../builders/external-event-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeIdentities } from '../../fakes/identities.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';

const phone = '+12025550123';
const secret = aTenantSecret();

/** `tenant-b` has written to the number, and the two tenants share a webhook or do not. */
async function setUp({
  shares = true,
  secrets = fakeTenantSecrets({ 'tenant-a': secret, 'tenant-b': secret }),
} = {}) {
  const identities = fakeIdentities({ clock: fakeClock() });
  await identities.remember(phone, 'tenant-b', 'identity-b');
  const asked: unknown[] = [];
  const rules = {
    sharesWebhook: (one: unknown, other: unknown) => {
      asked.push(one, other);
      return shares;
    },
  };
  return {
    identities,
    asked,
    find: (over: Parameters<typeof aReply>[0], identityField = '') =>
      personOf(aReply(over), {
        identities,
        secrets,
        providers: { twilio: rules, scg: rules },
        identityField,
      }),
  };
}
const byDefault = { tenantFrom: 'default' } as const;
const other = { tenantId: 'tenant-b', identity: { field: 'datahub_id', value: 'identity-b' } };

it('with identity_field, the address is the person and nothing is looked up', async () => {
  const { identities, find } = await setUp();
  identities.outage.begin(1);

  expect(await find(byDefault, 'subject_id')).toEqual({
    tenantId: 'tenant-a',
    identity: { field: 'subject_id', value: phone },
  });
});

it('a person of the route’s own tenant is found first', async () => {
  const { identities, find, asked } = await setUp();
  await identities.remember(phone, 'tenant-a', 'identity-a');

  expect(await find(byDefault)).toMatchObject({ identity: { value: 'identity-a' } });
  expect(asked).toEqual([]);
});

it('a person of another tenant is found where the webhook is that tenant’s too', async () => {
  const { find, asked } = await setUp();

  expect(await find(byDefault)).toEqual(other);
  expect(asked).toEqual([secret, secret]);
});

it.each([
  ['the route names its tenant', { tenantFrom: 'route' } as const, {}],
  ['the webhook is not that tenant’s', byDefault, { shares: false }],
  [
    'the route’s tenant has no secret',
    byDefault,
    { secrets: fakeTenantSecrets({ 'tenant-b': secret }) },
  ],
  ['that tenant has no secret', byDefault, { secrets: fakeTenantSecrets({ 'tenant-a': secret }) }],
])('a person of another tenant is not found where %s', async (_, over, given) => {
  expect(await (await setUp(given)).find(over)).toBeUndefined();
});

it('nobody is found where nobody was written to', async () => {
  const { find } = await setUp();

  expect(await find({ ...byDefault, from: '+12025550199' })).toBeUndefined();
});
