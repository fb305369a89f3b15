import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { httpClient } from '../../../../adapters/http/client.ts';
import { simulatorSecret } from '../../../../local/simulators/credentials.ts';
import { type Simulators, startSimulators } from '../../../../local/simulators/start-simulators.ts';
import { agentApi, noSettings, path } from '../../../../providers/twilio/agents/api.ts';
import { conversations } from '../../../../providers/twilio/agents/conversations.ts';

let simulators: Simulators | undefined;
afterEach(() => simulators?.close());

async function anApi() {
  simulators = await startSimulators({ latencyMs: 0 });
  const { url } = simulators;
  const secret = simulatorSecret(url);
  simulators.setSecrets({ 'local-tenant': secret });
  const api = agentApi(httpClient({ clock: Date.now }), Date.now);
  const ask = (method: 'GET' | 'POST', over: object = {}) =>
    api((call) => call({ ...secret, ...over }), noSettings)(
      () => ({ method, base: `${url}/flex/`, path: '/v1/FlexFlows' }),
      z.object({ flex_flows: z.array(z.unknown()) }),
      AbortSignal.timeout(5000),
    );
  return { ask, api, secret, sims: simulators };
}

describe('a call to an agent API', () => {
  it.each([
    ['GET', { mode: 'status', status: 429, retryAfter: 4 }, { kind: 'busy', retryAfterSeconds: 4 }],
    ['GET', { mode: 'status', status: 503 }, { kind: 'busy' }],
    ['POST', { mode: 'status', status: 503 }, { kind: 'unknown' }],
    ['GET', { mode: 'reset' }, { kind: 'busy' }],
    ['POST', { mode: 'reset' }, { kind: 'unknown' }],
    ['POST', { mode: 'status', status: 429 }, { kind: 'busy' }],
    ['GET', { mode: 'status', status: 403 }, { kind: 'refused', status: 403, code: '20403' }],
  ] as const)('%s under %j is %j', async (method, fault, expected) => {
    const { ask, sims } = await anApi();
    sims.setFault('flex', fault);
    expect(await ask(method)).toMatchObject(expected);
  });

  it('that never left is busy, whatever it was', async () => {
    const { ask, sims } = await anApi();
    await sims.close();
    simulators = undefined;
    expect(await ask('POST')).toMatchObject({ kind: 'busy' });
  });

  it('without credentials is refused before it leaves', async () => {
    const { ask } = await anApi();
    expect(await ask('GET', { twilio_account_sid: undefined })).toEqual({
      kind: 'refused',
      status: 500,
      code: 'secret-lacks-twilio_account_sid',
    });
  });

  it('cannot be led elsewhere by an id', () => {
    expect(path`/v1/Sessions/${'../../Accounts?x=1#y'}/End`).toBe(
      '/v1/Sessions/..%2F..%2FAccounts%3Fx%3D1%23y/End',
    );
  });
});

describe('Conversations', () => {
  it('counts a worker who already takes part as added', async () => {
    const { api, secret, sims } = await anApi();
    const sid = sims.agents.openConversation(
      secret.twilio_account_sid ?? '',
      '+12025550110',
      '+12025550100',
    ).sid;
    const port = conversations(api)((call) => call(secret));
    const signal = AbortSignal.timeout(5000);
    for (let times = 0; times < 2; times++) {
      expect(await port.addWorker(sid, 'maria', signal)).toEqual({
        kind: 'done',
        value: null,
      });
    }
    const there = await port.participants(sid, signal);
    expect(there).toMatchObject({
      kind: 'done',
      value: [{ address: '+12025550110' }, { identity: 'maria' }],
    });
    const [customer] = there.kind === 'done' ? there.value : [];
    const at = { conversationId: sid, participantId: customer?.id ?? '' };
    await port.setAttributes(at, '{"a":1}', signal);
    expect(sims.agents.conversations.get(sid)?.participants[0]?.attributes).toBe('{"a":1}');
    expect(await port.participants(`CH${'0'.repeat(32)}`, signal)).toMatchObject({
      kind: 'refused',
      status: 404,
    });
  });
});
