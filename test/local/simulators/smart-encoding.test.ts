import { afterEach, beforeEach, expect, test } from 'vitest';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { type Simulators, startSimulators } from '../../../local/simulators/start-simulators.ts';
import { twilioGateway } from '../../../providers/twilio/gateway.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { certain } from '../../contracts/message-gateway.contract.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { http } from '../../support/http.ts';

let simulators: Simulators;
beforeEach(async () => {
  simulators = await startSimulators({ latencyMs: 0 });
});
afterEach(() => simulators.close());

test('a message in doubt is found although Smart Encoding has replaced its signs', async () => {
  simulators.setFault('twilio', { mode: 'accept-then-reset', smartEncoding: true });
  const gateway = twilioGateway({
    http,
    publicUrl: 'https://connector.example.com',
    clock: Date.now,
    observe: fakeObserve(),
  });
  const secret = simulatorSecret(simulators.url);
  const request = aMessageRequest({
    to: recipient('delivered', 0),
    body: '• “Half” price: ½ ÷ ‹today›, ´till ¾ past 8…',
  });
  const from = Date.now();
  const never = new AbortController().signal;

  expect(await gateway.send(request, secret, never)).toMatchObject({ kind: 'unknown' });
  simulators.setFault('twilio', {});
  const [kept] = simulators.twilio.messages();
  expect(kept?.body).toBe('- "Half" price: 1/2 / <today>, \'till 3/4 past 8...');
  const found = await gateway.lookUp(request, secret, { from, to: Date.now() }, never);
  expect(certain(found)).toBe(kept?.sid);
});
