import { expect, it, vi } from 'vitest';
import { prepareContent } from '../../../domain/content/prepare.ts';
import { receiveCallback } from '../../../domain/feedback/receive-callback.ts';
import { acceptEvent } from '../../../domain/outbound/accept.ts';
import { messageRequestSchema } from '../../../domain/outbound/message-request.ts';
import { forEachProvider } from '../../../domain/provider-id.ts';
import { explainLateError, isKnownCode } from '../../../providers/errors.ts';
import { providerRules, providers } from '../../../providers/registry.ts';
import { anHttpRequest } from '../../builders/http-request.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { anOutboundEvent } from '../../builders/outbound-event.ts';
import { messageGatewayContract } from '../../contracts/message-gateway.contract.ts';
import { providerContract } from '../../contracts/provider.contract.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeEventQueue } from '../../fakes/event-queue.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOutboundQueue } from '../../fakes/outbound-queue.ts';
import { fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { acme, acmeCallbacks } from './acme.ts';
import { acmeSecret, acmeWorld } from './acme-setup.ts';

/*
 * What a third provider changes outside its folder: its id, and its row in the registry. Everything else
 * here is the service as it is.
 */
vi.mock('../../../domain/provider-id.ts', async () => {
  const z = await import('zod');
  const providerIds = ['twilio', 'scg', 'acme'];
  return {
    providerIds,
    providerIdSchema: z.enum(providerIds),
    forEachProvider: (of: (id: string) => unknown) =>
      Object.fromEntries(providerIds.map((id) => [id, of(id)])),
  };
});
vi.mock('../../../providers/registry.ts', async (original) => {
  const two = await original<typeof import('../../../providers/registry.ts')>();
  const { acme } = await import('./acme.ts');
  return {
    providers: { ...two.providers, acme },
    providerRules: { ...two.providerRules, acme },
  };
});

const outside = (http: ReturnType<typeof acmeWorld>['http']) => ({
  http,
  clock: Date.now,
  publicUrl: 'https://connector.example',
  observe: fakeObserve(),
});
const callback = (body: object) =>
  anHttpRequest({
    params: { tenantId: 'tenant-a' },
    headers: { authorization: 'Bearer acme-token-for-tests' },
    body: JSON.stringify(body),
  });

providerContract('a third provider', {
  provider: acme,
  secret: acmeSecret,
  callbacks: { statuses: acmeCallbacks, replies: acmeCallbacks },
  publicUrl: 'https://connector.example',
  status: (status, reference) => callback({ id: 'acme-1', status, reference }),
  reply: (text) => callback({ id: 'acme-2', from: '+12025550123', to: '12345', text }),
  forge: (request) => ({ ...request, headers: { authorization: 'Bearer wrong' } }),
});

messageGatewayContract('a third provider', async () => {
  const world = acmeWorld();
  return {
    gateway: acme.messageGateway(outside(world.http)),
    secret: acmeSecret,
    wrongSecret: Object.assign({ ...acmeSecret }, { acme_token: 'wrong' }),
    request: (overrides) => aMessageRequest({ provider: acme.id, ...overrides }),
    treat: world.treat,
    accepted: world.accepted,
    whenAccepted: world.whenAccepted,
    close: async () => undefined,
  };
});

it('carries a message from its own route to its own status, beside the others', async () => {
  const world = acmeWorld();
  const queue = fakeOutboundQueue();
  const events = fakeEventQueue();
  const observe = fakeObserve();
  const clock = fakeClock();
  const secrets = fakeTenantSecrets({ 'tenant-a': acmeSecret });
  const settings = {
    encoding: 'keep',
    max_segments: 0,
    refuse_unmerged: false,
    scg_directives: 'escape',
  } as const;
  const accept = acceptEvent({
    authenticate: async () => ({ name: 'ci360', tenants: '*' }),
    tenants: secrets,
    queue,
    settings: {
      event_ttl: 0,
      providers: providerRules,
      defaultSenders: forEachProvider(() => ({})),
    },
    prepare: prepareContent({ ...settings, providers: providerRules }),
    clock,
    observe,
  });
  const creative = 'TO:+12025550123;FROM:acme-shop;Hello';
  const answer = await accept(
    anHttpRequest({ path: '/acme/messages', body: JSON.stringify(anOutboundEvent({ creative })) }),
  );
  expect(answer.status).toBe(202);
  const request = messageRequestSchema.parse(queue.messages[0]?.request);
  expect(request).toMatchObject({ provider: 'acme', from: 'acme-shop' });

  const gateway = providers[request.provider].messageGateway(outside(world.http));
  const outcome = await gateway.send(request, acmeSecret, new AbortController().signal);
  expect(outcome).toEqual({ kind: 'accepted', providerMessageId: 'acme-1' });

  const [reference] = world.references();
  const made = callback({ id: 'acme-1', status: 'lost', reference, error: 'OFF' });
  await receiveCallback(made, acmeCallbacks, { secrets, queue: events, clock, observe });
  expect(events.requests).toMatchObject([
    { provider: 'acme', guid: request.guid, word: 'lost', errorCode: 'OFF' },
  ]);
  expect(explainLateError(acme.id, 'OFF')?.class).toBe('recipient');
  expect(isKnownCode('BAD_NUMBER')).toBe(true);
});

it('leaves its senders to itself, and tells users of another where they belong', async () => {
  const { readSender } = await import('../../../domain/outbound/address.ts');
  const of = { channel: 'SMS', provider: 'twilio' } as const;
  expect(readSender('acme-shop', of, { providers: providerRules })).toEqual({
    ok: false,
    issue: 'is a sender of acme, not of twilio',
  });
});
