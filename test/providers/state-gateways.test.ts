import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MessageGateway } from '../../domain/delivery/ports.ts';
import type { StateGateway } from '../../domain/feedback/ports.ts';
import { simulatorSecret } from '../../local/simulators/credentials.ts';
import { type Behaviour, recipient } from '../../local/simulators/magic-numbers.ts';
import { type Simulators, startSimulators } from '../../local/simulators/start-simulators.ts';
import { scgGateway } from '../../providers/scg/gateway.ts';
import { scgStateGateway } from '../../providers/scg/state-gateway.ts';
import { twilioGateway } from '../../providers/twilio/gateway.ts';
import { twilioStateGateway } from '../../providers/twilio/state-gateway.ts';
import { aMessageRequest } from '../builders/message-request.ts';
import { type Scripted, type ScriptedServer, scriptedServer } from '../builders/scripted-server.ts';
import { fakeObserve } from '../fakes/observe.ts';
import { aTenantSecret } from '../fakes/tenant-secrets.ts';
import { http } from '../support/http.ts';

const clock = Date.now;
const never = new AbortController().signal;
const states: Record<'twilio' | 'scg', StateGateway> = {
  twilio: twilioStateGateway({ http, timeoutMs: 5000, clock }),
  scg: scgStateGateway({ http, timeoutMs: 5000, clock }),
};

describe('the state of a message', () => {
  let simulators: Simulators;
  beforeAll(async () => {
    simulators = await startSimulators();
    simulators.twilio.settings.set({ privateCallbacks: 'any' });
  });
  afterAll(() => simulators.close());

  const senders = (): Record<'twilio' | 'scg', MessageGateway> => ({
    twilio: twilioGateway({ http, publicUrl: 'http://127.0.0.1:9', clock, observe: fakeObserve() }),
    scg: scgGateway({ http, clock, observe: fakeObserve() }),
  });

  it.each<['twilio' | 'scg', Behaviour, object]>([
    ['twilio', 'silent', { kind: 'known', word: 'delivered' }],
    ['twilio', 'unreachable', { kind: 'known', word: 'undelivered', errorCode: '30003' }],
    ['scg', 'silent', { kind: 'known', word: 'DELIVERED' }],
    ['scg', 'unreachable', { kind: 'known', word: 'FAILED', errorCode: expect.any(String) }],
    ['scg', 'rejected-later', { kind: 'known', word: 'REJECTED', errorCode: 'OTHER' }],
    ['twilio', 'rejected-later', { kind: 'known', word: 'failed', errorCode: '30008' }],
  ])('is known by %s, for someone %s', async (provider, behaviour, state) => {
    const secret = simulatorSecret(simulators.url);
    simulators.setSecrets({ 'local-tenant': secret });
    const to = recipient(behaviour, 0);
    const request = aMessageRequest({ provider, tenantId: 'local-tenant', to });
    const outcome = await senders()[provider].send(request, secret, never);
    if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
    await simulators.idle();
    expect(await states[provider].stateOf(outcome.providerMessageId, secret)).toMatchObject(state);
  });

  it.each(['twilio', 'scg'] as const)(
    'is absent at %s for an id it never gave',
    async (provider) => {
      const secret = simulatorSecret(simulators.url);
      expect(await states[provider].stateOf('nothing', secret)).toEqual({ kind: 'absent' });
    },
  );

  it.each(['twilio', 'scg'] as const)('is not told by %s to a stranger', async (provider) => {
    const secret = {
      ...simulatorSecret(simulators.url),
      twilio_auth_token: 'wrong',
      scg_access_token: 'wrong',
    };
    expect(await states[provider].stateOf('nothing', secret)).toMatchObject({
      kind: 'unavailable',
      authentication: true,
    });
  });
});

describe('an answer that settles nothing', () => {
  let server: ScriptedServer | undefined;
  afterEach(async () => {
    await server?.close();
  });

  it.each<['twilio' | 'scg', number, unknown]>([
    ['twilio', 200, 'not JSON'],
    ['twilio', 200, { sid: 'another', status: 'delivered' }],
    ['twilio', 503, 'down'],
    ['twilio', 404, 'no such path'],
    ['scg', 200, { list: 'none' }],
    ['scg', 200, { list: [{ message_request_id: 'another', state: 'DELIVERED' }] }],
    ['scg', 404, { error_code: 'SCG_ERROR_4046', error_description: 'expired' }],
    ['scg', 404, 'no such path'],
    ['scg', 500, {}],
  ])('leaves it unavailable: %s %d %j', async (provider, status, body) => {
    server = await scriptedServer(() => ({ status, body }));
    const secret = aTenantSecret({ twilio_api_url: server.url, scg_api_url: server.url });
    expect((await states[provider].stateOf('id-1', secret)).kind).toBe('unavailable');
  });

  it.each([404, 4040, 'SCG_ERROR_404', 'SCG_ERROR_4040'])(
    'is absent at SCG when it does not know the request: %s',
    async (error_code) => {
      server = await scriptedServer(() => ({ status: 404, body: { error_code } }));
      const secret = aTenantSecret({ scg_api_url: server.url });
      expect(await states.scg.stateOf('id-1', secret)).toEqual({ kind: 'absent' });
    },
  );

  it.each<[object, object]>([
    [
      { state: 'REJECTED', failure_code: 'NO_CONSENT', failure_details: 'no consent' },
      { kind: 'known', word: 'REJECTED', errorCode: '1005', errorText: 'no consent' },
    ],
    [{ state: 'canceled' }, { kind: 'known', word: 'CANCELED' }],
    [{ state: 'PREPARING' }, { kind: 'known', word: 'PREPARING' }],
  ])('is its request’s at SCG when that has no message: %j', async (request, state) => {
    server = await scriptedServer(({ url }) =>
      url.pathname.endsWith('/messages')
        ? { status: 200, body: { list: [] } }
        : { status: 200, body: { id: 'id-1', ...request } },
    );
    const secret = aTenantSecret({ scg_api_url: server.url });
    expect(await states.scg.stateOf('id-1', secret)).toEqual(state);
  });

  it.each<[string, Scripted, string]>([
    ['is another’s', { status: 200, body: { id: 'id-2', state: 'REJECTED' } }, 'unavailable'],
    ['cannot be read', { status: 200, body: 'x' }, 'unavailable'],
    ['does not answer', 'reset', 'unavailable'],
    ['is gone', { status: 404, body: { error_code: 4040 } }, 'absent'],
  ])('is not made up where a request without messages %s', async (_, script, kind) => {
    server = await scriptedServer(({ url }) =>
      url.pathname.endsWith('/messages') ? { status: 200, body: { list: [] } } : script,
    );
    const secret = aTenantSecret({ scg_api_url: server.url });
    expect((await states.scg.stateOf('id-1', secret)).kind).toBe(kind);
  });

  it.each(['twilio', 'scg'] as const)('or comes never: %s', async (provider) => {
    server = await scriptedServer(() => 'reset');
    const secret = aTenantSecret({ twilio_api_url: server.url, scg_api_url: server.url });
    expect((await states[provider].stateOf('id-1', secret)).kind).toBe('unavailable');
  });

  it.each([
    ['twilio', 'twilio_account_sid'],
    ['scg', 'scg_access_token'],
  ] as const)('nor does a secret that lacks a key: %s', async (provider, key) => {
    const secret = { ...aTenantSecret(), [key]: undefined };
    expect(await states[provider].stateOf('id-1', secret)).toMatchObject({
      kind: 'unavailable',
      failure: { code: 'secret-incomplete' },
    });
  });
});
