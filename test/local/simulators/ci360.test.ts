import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';

const secret = simulatorSecret('http://127.0.0.1');
const clientId = secret.ci360_tenant_id ?? '';
const clientSecret = secret.ci360_client_secret ?? '';
const event = { eventName: 'sms_delivered', datahub_id: 'identity-1', externalCode: 'TSK_1' };

let simulators: Simulators;
beforeEach(async () => {
  simulators = await startSimulators({ latencyMs: 0 });
});
afterEach(() => simulators.close());

const base64url = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(alg: 'HS256' | 'HS384' | 'none', client = clientId, key = clientSecret): string {
  const text = `${base64url({ alg, typ: 'JWT' })}.${base64url({ clientID: client })}`;
  const digest = alg === 'HS384' ? 'sha384' : 'sha256';
  const signature = createHmac(digest, btoa(key)).update(text).digest('base64url');
  return `${text}.${alg === 'none' ? '' : signature}`;
}

const inject = (body: unknown, token = jwt('HS256')) =>
  fetch(`${simulators.url}/ci360/marketingGateway/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

test.each(['HS256', 'HS384'] as const)('an event signed with %s is taken', async (alg) => {
  const answer = await inject(event, jwt(alg));
  expect(answer.status).toBe(202);
  expect(simulators.ci360.events()).toMatchObject([{ tenantId: 'local-tenant', body: event }]);
});

test('a ready token is taken as it is', async () => {
  simulators.setSecrets({ 'tenant-2': { ci360_token: 'ready-token' } });
  expect((await inject(event, 'ready-token')).status).toBe(202);
  const heard = await simulators.ci360.waitFor(({ tenantId }) => tenantId === 'tenant-2');
  expect(heard).toMatchObject({ tenantId: 'tenant-2', body: event });
});

test.each([
  ['no signature', jwt('none')],
  ['another secret', jwt('HS256', clientId, 'other')],
  ['another tenant', jwt('HS256', 'other')],
  ['no JWT', 'text'],
])('a token with %s is refused', async (_, token) => {
  const answer = await inject(event, token);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ message: expect.any(String) });
  expect(simulators.ci360.events()).toEqual([]);
});

test.each([
  ['not JSON', '{'],
  ['a list', []],
  ['no name', { datahub_id: 'x' }],
  ['no identity', { eventName: 'x' }],
  ['two identities', { eventName: 'x', datahub_id: 'a', subject_id: 'b' }],
])('%s is refused with 400', async (_, body) => {
  expect((await inject(body)).status).toBe(400);
});

test('the throttle of CI360 is a 403', async () => {
  simulators.setFault('ci360', { mode: 'status', status: 403, count: 1 });
  expect((await inject(event)).status).toBe(403);
  expect((await inject(event)).status).toBe(202);
  expect(await simulators.ci360.waitForCount(1)).toHaveLength(1);
});
