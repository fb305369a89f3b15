import type { MessageGateway } from '../../domain/delivery/ports.ts';
import type { ProviderId } from '../../domain/provider-id.ts';
import { simulatorSecret } from '../../local/simulators/credentials.ts';
import type { Fault } from '../../local/simulators/fault.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { startSimulators } from '../../local/simulators/start-simulators.ts';
import { scgGateway } from '../../providers/scg/gateway.ts';
import { twilioGateway } from '../../providers/twilio/gateway.ts';
import { aMessageRequest } from '../builders/message-request.ts';
import {
  type GatewaySetting,
  type GatewaySubject,
  messageGatewayContract,
} from '../contracts/message-gateway.contract.ts';
import { fakeMessageGateway, type Treatment } from '../fakes/message-gateway.ts';
import { fakeObserve } from '../fakes/observe.ts';
import { http } from '../support/http.ts';

const faults: Record<Exclude<Treatment, 'gone'>, Partial<Fault>> = {
  ok: {},
  throttle: { mode: 'status', status: 429, retryAfter: 7 },
  fail: { mode: 'status', status: 500 },
  reset: { mode: 'reset' },
  'accept-then-reset': { mode: 'accept-then-reset' },
  'accept-then-hang': { mode: 'accept-then-hang' },
};

/** An adapter with its simulator. */
async function simulated(
  provider: ProviderId,
  gateway: MessageGateway,
  { providerAhead }: GatewaySetting,
  always: Partial<Fault> = {},
): Promise<GatewaySubject> {
  const simulators = await startSimulators({
    clock: () => Date.now() + providerAhead,
    latencyMs: 0,
    secrets: { 'tenant-a': simulatorSecret('', 'tenant-a') },
  });
  const secret = simulatorSecret(simulators.url, 'tenant-a');
  simulators.setFault(provider, always);
  return {
    gateway,
    secret,
    wrongSecret: { ...secret, twilio_auth_token: 'wrong', scg_access_token: 'wrong' },
    request: (overrides) =>
      aMessageRequest({
        provider,
        to: recipient('delivered', 0),
        from: provider === 'scg' ? 'sender_id:one' : '+12025550100',
        ...overrides,
      }),
    treat: async (treatment) => {
      if (treatment === 'gone') await simulators.close();
      else simulators.setFault(provider, { ...always, ...faults[treatment] });
    },
    accepted: () =>
      provider === 'twilio'
        ? simulators.twilio.messages().map(({ sid, body }) => ({ id: sid, body }))
        : simulators.scg.messages().map(({ requestId, body }) => ({ id: requestId, body })),
    whenAccepted: () => simulators[provider].waitForCount(1),
    close: () => simulators.close(),
  };
}

messageGatewayContract('the fake', async () => {
  const fake = fakeMessageGateway();
  return {
    gateway: fake,
    secret: simulatorSecret('', 'tenant-a'),
    wrongSecret: {},
    request: aMessageRequest,
    treat: fake.treat,
    accepted: () => fake.accepted().map(({ id, request: { body } }) => ({ id, body })),
    whenAccepted: fake.whenAccepted,
    close: async () => undefined,
  };
});

const observe = fakeObserve();
const twilio = twilioGateway({
  http,
  publicUrl: 'https://connector.example.com',
  clock: Date.now,
  observe,
});
const scg = scgGateway({ http, clock: Date.now, observe });

messageGatewayContract('the Twilio adapter', (setting) => simulated('twilio', twilio, setting));
messageGatewayContract('the SCG adapter', (setting) => simulated('scg', scg, setting));
messageGatewayContract('the SCG adapter without the filter external_id', (setting) =>
  simulated('scg', scg, setting, { externalIdFilter: false }),
);
