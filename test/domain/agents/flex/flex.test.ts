import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../../../local/simulators/start-simulators.ts';
import { aFlex, task } from './flex-setup.ts';

let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ latencyMs: 0 });
});
afterAll(() => simulators.close());

describe('the Flex routes', () => {
  it('require a key, and one for the tenant', async () => {
    const { call, open, asked } = aFlex(simulators);
    expect(await open({}, {})).toMatchObject({ status: 401 });
    expect(await open({}, { 'x-api-key': 'guess' })).toMatchObject({ status: 401 });
    const key = { 'x-api-key': 'key' };
    for (const tenant of ['other-tenant', '../x']) {
      const answer = await call('POST', 'outbound-sms-tasks', task, key, tenant);
      expect(answer).toMatchObject({ status: 403 });
    }
    expect(asked('flex', 'POST', '/')).toBe(0);
  });

  it('log each call with who made it, and a valid key’s 403 as a warning', async () => {
    const { call, observe } = aFlex(simulators);
    const key = { 'x-api-key': 'key' };
    await call('POST', 'outbound-sms-tasks', task, key, 'other-tenant');
    await call('POST', 'outbound-sms-tasks', {}, key);
    expect(observe.lines).toMatchObject([
      {
        level: 'warn',
        fields: { status: 403, tenantId: 'other-tenant', caller: expect.any(String) },
      },
      { level: 'info', fields: { status: 400, caller: expect.any(String) } },
    ]);
  });

  it('name all missing fields at once, in the documented shape', async () => {
    const { call } = aFlex(simulators);
    expect(await call('POST', 'outbound-messages', {})).toMatchObject({
      status: 400,
      body: {
        status: 400,
        errors: [
          "Missing 'fromNumber' in request body",
          "Missing 'toName' in request body",
          "Missing 'toNumber' in request body",
          "Missing 'messageBody' in request body",
        ],
      },
    });
  });

  it.each([
    ['{"fromNumber":', 'not a JSON object'],
    ['[1]', 'not a JSON object'],
    ['"text"', 'not a JSON object'],
    [{ ...task, toNumber: '12' }, "'toNumber' is not a telephone number"],
    [{ ...task, fromNumber: 'ACME' }, "'fromNumber' is not a telephone number"],
    [{ ...task, targetWorkerSid: 'maria' }, "'targetWorkerSid'"],
    [{ ...task, initialNotificationMessage: 'x'.repeat(1601) }, 'longer than 1600'],
  ])('refuse %j with the reason', async (body, words) => {
    const { call } = aFlex(simulators);
    const answer = await call('POST', 'outbound-sms-tasks', body);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(words);
  });

  it('read a form as well as JSON', async () => {
    const { call } = aFlex(simulators);
    const form = new URLSearchParams(task).toString();
    expect(await call('POST', 'outbound-sms-tasks', form)).toMatchObject({ status: 200 });
  });

  it('answer the preflight of a configured origin, and of no other', async () => {
    const { call } = aFlex(simulators);
    const ask = (origin: string) => call('OPTIONS', 'outbound-sms-tasks', '', { origin });
    expect(await ask('https://flex.twilio.com')).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': 'https://flex.twilio.com',
        'access-control-allow-methods': 'POST, DELETE, OPTIONS',
      },
    });
    const other = await ask('https://evil.example');
    expect(other.status).toBe(403);
    expect(JSON.stringify(other.headers)).not.toContain('allow-origin');
    const headers = { 'x-api-key': 'key', origin: 'https://flex.twilio.com' };
    const { headers: sent } = await call('POST', 'outbound-sms-tasks', task, headers);
    expect(sent).toMatchObject({ 'access-control-allow-origin': 'https://flex.twilio.com' });
  });

  it('do not write to customers who opted out', async () => {
    const { open, send, optOuts, asked } = aFlex(simulators);
    await optOuts.optOut('local-tenant', '+12025550120', 'reply', 1_000);
    expect(await open()).toMatchObject({ status: 451 });
    expect(await send({ toNumber: '(202) 555-0120' })).toMatchObject({ status: 451 });
    expect(asked('flex', 'POST', '/') + asked('twilio', 'POST', '/')).toBe(0);
  });

  it('know no other path', async () => {
    const { call } = aFlex(simulators);
    expect(await call('POST', 'proxy-sessions', '')).toMatchObject({ status: 404 });
    expect(await call('POST', 'constructor', '')).toMatchObject({ status: 404 });
  });

  it('log no number and no text', async () => {
    const { open, observe } = aFlex(simulators);
    await open({ initialNotificationMessage: 'a secret text' });
    expect(JSON.stringify(observe.lines)).not.toMatch(/2025550|secret text/);
  });
});
