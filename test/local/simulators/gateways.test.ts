import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProviderId } from '../../../domain/provider-id.ts';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { type Behaviour, recipient } from '../../../local/simulators/magic-numbers.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';
import { scgGateway } from '../../../providers/scg/gateway.ts';
import { twilioGateway } from '../../../providers/twilio/gateway.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { certain } from '../../contracts/message-gateway.contract.ts';
import { http } from '../../support/http.ts';

const clock = Date.now;
const observe = { info: () => {} };
const gateways = {
  twilio: twilioGateway({ http, publicUrl: 'http://127.0.0.1:9', clock, observe }),
  scg: scgGateway({ http, clock, observe }),
};
const senders = { twilio: '+12025550100', scg: 'sender_id:sender-1' };

let simulators: Simulators;
beforeEach(async () => {
  simulators = await startSimulators({ latencyMs: 0 });
  simulators.twilio.settings.set({ privateCallbacks: 'any' });
});
afterEach(() => simulators.close());

const table: [Behaviour, { [P in ProviderId]: [outcome: string, lookUp: string] }][] = [
  ['delivered', { twilio: ['accepted', 'accepted'], scg: ['accepted', 'accepted'] }],
  ['opted-out', { twilio: ['rejected', 'absent'], scg: ['accepted', 'accepted'] }],
  ['invalid', { twilio: ['rejected', 'absent'], scg: ['rejected', 'absent'] }],
  ['landline', { twilio: ['rejected', 'absent'], scg: ['accepted', 'accepted'] }],
  ['throttled-once', { twilio: ['throttled', 'absent'], scg: ['throttled', 'absent'] }],
  ['throttled-always', { twilio: ['throttled', 'absent'], scg: ['throttled', 'absent'] }],
  ['unavailable-once', { twilio: ['unknown', 'absent'], scg: ['unknown', 'absent'] }],
  ['bad-gateway-once', { twilio: ['unknown', 'absent'], scg: ['unknown', 'absent'] }],
  ['hangs-once', { twilio: ['unknown', 'absent'], scg: ['unknown', 'absent'] }],
  ['resets-once', { twilio: ['unknown', 'absent'], scg: ['unknown', 'absent'] }],
  ['accepted-then-hangs', { twilio: ['unknown', 'accepted'], scg: ['unknown', 'accepted'] }],
  ['accepted-then-resets', { twilio: ['unknown', 'accepted'], scg: ['unknown', 'accepted'] }],
  ['accepted-then-500', { twilio: ['unknown', 'accepted'], scg: ['unknown', 'accepted'] }],
];

const cases = table.flatMap(([behaviour, results]) =>
  (['twilio', 'scg'] as const).map((provider) => ({
    provider,
    behaviour,
    outcome: results[provider][0],
    found: results[provider][1],
  })),
);

test.each(cases)(
  'through $provider, a recipient who is "$behaviour" makes it $outcome, and the look-up $found',
  async ({ provider, behaviour, outcome, found }) => {
    const request = aMessageRequest({
      provider,
      channel: 'SMS',
      to: recipient(behaviour, 0),
      from: senders[provider],
      body: 'Hello; 👍',
    });
    const secret = simulatorSecret(simulators.url);
    const since = Date.now();
    const giveUp = new AbortController();
    const sending = gateways[provider].send(request, secret, giveUp.signal);
    if (behaviour === 'hangs-once' || behaviour === 'accepted-then-hangs') {
      await simulators.inspection(provider).waitFor(({ method }) => method === 'POST');
      if (found === 'accepted') await simulators[provider].waitForCount(1);
      giveUp.abort();
    }
    expect((await sending).kind).toBe(outcome);
    const window = { from: since, to: Date.now() };
    const answer = await gateways[provider].lookUp(
      request,
      secret,
      window,
      new AbortController().signal,
    );
    const id = certain(answer);
    expect(['absent', 'unavailable', 'uncertain'].includes(id) ? id : 'accepted').toBe(found);
  },
);
