import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../../../local/simulators/start-simulators.ts';
import { aFlex } from '../../../domain/agents/flex/flex-setup.ts';

let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ latencyMs: 0 });
});
afterAll(() => simulators.close());

const first = { initialNotificationMessage: 'Good morning' };
const sidsOf = (body: unknown) => JSON.stringify(body).match(/(CH|WT|UO|KD)[0-9a-f]{32}/g);

describe('a task by Interactions', () => {
  it('opens a conversation that the agent begins, and writes the first message', async () => {
    const { open } = aFlex(simulators);
    const { status, body } = await open({
      ...first,
      targetWorkerSid: `WK${'a'.repeat(32)}`,
      sourceChatChannelSid: 'CHsource',
    });
    expect(status).toBe(200);
    const [conversation] = [...simulators.agents.conversations.values()];
    const [interaction] = [...simulators.agents.interactions.values()];
    expect(body).toMatchObject({
      chatChannel: { sid: conversation?.sid, taskSid: interaction?.taskSid },
      proxySession: { sid: interaction?.channelSid, uniqueName: conversation?.sid, status: 'open' },
      chatMessage: { sid: conversation?.messages[0]?.sid, author: 'system' },
      reused: false,
    });
    expect(conversation?.messages.map((message) => message.body)).toEqual(['Good morning']);
    expect(conversation?.participants[0]?.binding).toEqual({
      type: 'sms',
      address: '+12025550120',
      proxy_address: '+12025550100',
    });
    expect(interaction?.attributes).toMatchObject({
      direction: 'outbound',
      name: 'Ana Lima',
      sourceChatChannelSid: 'CHsource',
      targetWorkerSid: `WK${'a'.repeat(32)}`,
    });
  });

  it('is the open one when the call is repeated, and no second message is sent', async () => {
    const { open, asked } = aFlex(simulators);
    const one = await open(first);
    const two = await open(first);
    expect(two).toMatchObject({ status: 200, body: { reused: true } });
    expect(sidsOf(two.body)?.slice(0, 2)).toEqual(sidsOf(one.body)?.slice(0, 2));
    expect(asked('flex', 'POST', '/v1/Interactions')).toBe(1);
    expect(asked('conversations', 'POST', '/Messages')).toBe(1);
  });

  it('is the open one for a number in its other form', async () => {
    const { open, asked } = aFlex(simulators);
    await open({ toNumber: 'whatsapp:+525512345678' });
    const two = await open({ toNumber: 'whatsapp:+5215512345678' });
    expect(two).toMatchObject({ status: 200, body: { reused: true } });
    expect(asked('flex', 'POST', '/v1/Interactions')).toBe(1);
  });

  it('is one for calls that come at the same moment', async () => {
    const { open, asked } = aFlex(simulators);
    const answers = await Promise.all([1, 2, 3, 4].map(() => open(first)));
    expect(asked('flex', 'POST', '/v1/Interactions')).toBe(1);
    expect(asked('conversations', 'POST', '/Messages')).toBe(1);
    for (const { status } of answers) expect([200, 409]).toContain(status);
  });

  it('is a new one once the agent has closed it', async () => {
    const { open, asked } = aFlex(simulators);
    await open();
    const [interaction] = [...simulators.agents.interactions.values()];
    if (interaction) interaction.status = 'closed';
    const [conversation] = [...simulators.agents.conversations.values()];
    if (conversation) conversation.state = 'closed';
    expect(await open()).toMatchObject({ status: 200, body: { reused: false } });
    expect(asked('flex', 'POST', '/v1/Interactions')).toBe(2);
  });

  it('names the conversation if the pair is already open elsewhere', async () => {
    const { open } = aFlex(simulators);
    const account = simulators.agents;
    const other = account.openConversation(
      `AC${Buffer.from('local-tenant').toString('hex').padStart(32, '0')}`,
      '+12025550120',
      '+12025550100',
    );
    expect(await open()).toMatchObject({
      status: 409,
      body: { code: '50416', conversationSid: other.sid },
    });
  });

  it('is closed again when its first message is refused', async () => {
    const { open } = aFlex(simulators);
    simulators.setFault('conversations', { mode: 'status', status: 400, code: 50200 });
    expect(await open(first)).toMatchObject({ status: 400, body: { code: '50200' } });
    const [interaction] = [...simulators.agents.interactions.values()];
    expect(interaction?.status).toBe('closed');
    simulators.setFault('conversations', {});
    expect(await open(first)).toMatchObject({ status: 200, body: { reused: false } });
  });

  it('lists what cannot be closed', async () => {
    const { open, beforeCall } = aFlex(simulators);
    simulators.setFault('conversations', { mode: 'status', status: 400, code: 50200 });
    beforeCall((call) => {
      if (call.endsWith('/Messages')) simulators.setFault('flex', { mode: 'status', status: 500 });
    });
    const { status, body } = await open(first);
    const [interaction] = [...simulators.agents.interactions.values()];
    expect(status).toBe(400);
    expect(body).toMatchObject({ leftOpen: [{ kind: 'interaction', sid: interaction?.sid }] });
  });

  it('stays open if it is unknown whether its first message was sent', async () => {
    const { open, asked } = aFlex(simulators);
    simulators.setFault('conversations', { mode: 'accept-then-reset' });
    const { status, body } = await open(first);
    expect(status).toBe(502);
    expect(JSON.stringify(body)).toMatch(/leftOpen.*interaction/);
    simulators.setFault('conversations', {});
    expect(await open(first)).toMatchObject({ status: 200, body: { reused: true } });
    expect(asked('conversations', 'POST', '/Messages')).toBe(1);
  });

  it('that may have been opened is not opened a second time', async () => {
    const { open } = aFlex(simulators);
    simulators.setFault('flex', { mode: 'accept-then-reset' });
    expect(await open()).toMatchObject({ status: 502 });
    simulators.setFault('flex', {});
    // Twilio holds on to the pair: it says which conversation has it.
    expect(await open()).toMatchObject({ status: 409, body: { code: '50416' } });
    expect(simulators.agents.interactions.size).toBe(1);
  });

  it.each([
    [{ status: 429 }, 429],
    [{ status: 503 }, 502],
    [{ status: 400, code: 20001 }, 400],
    [{ status: 403, code: 20403 }, 502],
  ])('answers %j from Twilio with %i', async (fault, status) => {
    const { open } = aFlex(simulators);
    simulators.setFault('flex', { mode: 'status', ...fault });
    expect(await open()).toMatchObject({ status });
  });

  it('never makes our own wrong credentials the caller’s 401, and tries rotated ones', async () => {
    const { open, secrets } = aFlex(simulators, { twilio_auth_token: 'stale' });
    expect(await open()).toMatchObject({ status: 502, body: { code: '20003' } });
    const read = await secrets.get('local-tenant');
    const secret = read.kind === 'found' ? read.secret : {};
    const rotated = { ...secret, twilio_auth_token: 'local-tenant-twilio-auth-token' };
    secrets.put('local-tenant', { kind: 'found', secret: rotated });
    expect(await open()).toMatchObject({ status: 200 });
  });

  it('names the key that the secret lacks', async () => {
    const { open } = aFlex(simulators, { flex_workflow_sid: undefined });
    expect(await open()).toMatchObject({
      status: 500,
      body: { message: "The tenant's secret cannot be used: flex_workflow_sid is missing." },
    });
  });

  it('is sent by WhatsApp to a number with its prefix', async () => {
    const { open } = aFlex(simulators);
    await open({ toNumber: 'whatsapp:+12025550120' });
    const [conversation] = [...simulators.agents.conversations.values()];
    expect(conversation?.participants[0]?.binding).toEqual({
      type: 'whatsapp',
      address: 'whatsapp:+12025550120',
      proxy_address: 'whatsapp:+12025550100',
    });
  });
});

describe('a message by Interactions', () => {
  it('is a plain message, without a status callback', async () => {
    const { send } = aFlex(simulators);
    expect(await send()).toMatchObject({
      status: 200,
      body: { chatChannel: null, proxySession: null, chatMessage: { status: 'queued' } },
    });
    const [request] = [...simulators.inspection('twilio').entries()];
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      To: '+12025550120',
      From: '+12025550100',
      Body: 'Hello',
    });
  });

  it('is sent once to a number in both of its forms', async () => {
    const { send, asked } = aFlex(simulators);
    await send({ toNumber: '+525512345678' });
    expect((await send({ toNumber: '+5215512345678' })).body).toMatchObject({ reused: true });
    expect(asked('twilio', 'POST', '/Messages')).toBe(1);
  });

  it('is sent once when the call is repeated, and again with another key or later', async () => {
    const { send, asked, clock } = aFlex(simulators);
    const one = await send();
    const two = await send();
    expect(two.body).toMatchObject({ reused: true });
    expect(JSON.stringify(two.body)).toContain(
      /SM[0-9a-f]{32}/.exec(JSON.stringify(one.body))?.[0],
    );
    await send({ messageBody: 'Another' });
    const key = { 'x-api-key': 'key', 'idempotency-key': 'mine' };
    await send({}, key);
    await send({}, key);
    clock.advance(180_000);
    await send();
    expect(asked('twilio', 'POST', 'Messages.json')).toBe(4);
  });

  it('that may have been sent is never sent blindly again', async () => {
    const { send, asked } = aFlex(simulators);
    simulators.setFault('twilio', { mode: 'accept-then-reset' });
    expect(await send()).toMatchObject({ status: 502 });
    simulators.setFault('twilio', {});
    expect(await send()).toMatchObject({ status: 409 });
    expect(asked('twilio', 'POST', 'Messages.json')).toBe(1);
  });

  it('that is known not to have been sent may be tried at once', async () => {
    const { send } = aFlex(simulators);
    simulators.setFault('twilio', { mode: 'status', status: 429, retryAfter: 9 });
    expect(await send()).toMatchObject({ status: 429, headers: { 'retry-after': '9' } });
    simulators.setFault('twilio', {});
    expect(await send()).toMatchObject({ status: 200, body: { reused: false } });
  });
});
