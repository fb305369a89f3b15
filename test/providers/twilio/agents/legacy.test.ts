import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulators, startSimulators } from '../../../../local/simulators/start-simulators.ts';
import { aFlex } from '../../../domain/agents/flex/flex-setup.ts';

let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators({ latencyMs: 0 });
});
afterAll(() => simulators.close());

const legacy = () => aFlex(simulators, { flex_engine: 'legacy' });
const first = { initialNotificationMessage: 'Good morning' };
const channels = () => [...simulators.agents.channels.values()];
const sessions = () => [...simulators.agents.sessions.values()];
/** Its second flow's channels are long-lived. */
const lasting = { fromNumber: '+12025550101' };

describe('a task on Programmable Chat and Proxy', () => {
  it('answers in the documented shape', async () => {
    const { open } = legacy();
    const { status, body } = await open(first);
    expect(status).toBe(200);
    const [channel] = channels();
    const [session] = sessions();
    expect(body).toEqual({
      chatChannel: {
        identity: channel?.identity,
        flexFlowSid: channel?.flowSid,
        accountSid: expect.stringMatching(/^AC/),
        sid: channel?.sid,
        taskSid: channel?.taskSid,
        userSid: expect.stringMatching(/^US/),
        dateCreated: channel?.at,
        dateUpdated: channel?.at,
        url: `https://flex-api.twilio.com/v1/Channels/${channel?.sid}`,
      },
      proxySession: {
        sid: session?.sid,
        serviceSid: session?.serviceSid,
        uniqueName: channel?.sid,
        status: 'open',
        mode: 'message-only',
        dateCreated: session?.at,
        dateUpdated: session?.at,
      },
      chatMessage: expect.objectContaining({ sid: channel?.messages[0]?.sid, from: 'system' }),
      reused: false,
    });
    expect(channel?.messages.map((message) => message.body)).toEqual(['Good morning']);
  });

  it('uses the flow for tasks although it is disabled beside another', async () => {
    const { open } = legacy();
    await open();
    expect(channels()[0]?.taskSid).toMatch(/^WT/);
  });

  it('reports that no flow matches the number, as documented', async () => {
    const { open } = legacy();
    expect(await open({ fromNumber: '+12025550109' })).toMatchObject({
      status: 500,
      body: { message: 'Unable to find matching Flex Flow' },
    });
  });

  it('is the open one when the call is repeated, until it is closed', async () => {
    const { open, clean } = legacy();
    await open(first);
    expect(await open(first)).toMatchObject({ status: 200, body: { reused: true } });
    expect(channels()).toHaveLength(1);
    expect(channels()[0]?.messages).toHaveLength(1);
    await clean();
    expect(await open()).toMatchObject({ status: 200, body: { reused: false } });
    expect(channels()).toHaveLength(2);
  });

  it('closes the channel again when there can be no session', async () => {
    const { open } = legacy();
    simulators.setFault('proxy', { mode: 'status', status: 400, code: 80603 });
    expect(await open()).toMatchObject({
      status: 400,
      body: { message: 'Failed to create Proxy Session', code: '80603' },
    });
    expect(channels().map(({ attributes }) => JSON.parse(attributes).status)).toEqual(['INACTIVE']);
    simulators.setFault('proxy', {});
    expect(await open()).toMatchObject({ status: 200, body: { reused: false } });
  });

  it('closes channel and session again when the first message is refused', async () => {
    const { open } = legacy();
    simulators.setFault('chat', { mode: 'status', status: 400, on: 'sends', count: 1 });
    expect(await open(first)).toMatchObject({ status: 400 });
    expect(sessions()).toEqual([]);
    expect(JSON.parse(channels()[0]?.attributes ?? '{}')).toMatchObject({ status: 'INACTIVE' });
  });

  it('names the channel that stays open when it cannot be closed', async () => {
    const { open } = legacy();
    simulators.setFault('proxy', { mode: 'status', status: 400 });
    simulators.setFault('chat', { mode: 'status', status: 500 });
    expect(await open()).toMatchObject({
      body: { leftOpen: [{ kind: 'chatChannel', sid: channels()[0]?.sid }] },
    });
  });

  it('finds the channel that a call opened whose answer was lost', async () => {
    const { open, asked } = legacy();
    simulators.setFault('flex', { mode: 'accept-then-reset' });
    expect(await open()).toMatchObject({ status: 502 });
    simulators.setFault('flex', {});
    const { status, body } = await open();
    expect(status).toBe(200);
    expect(body).toMatchObject({ chatChannel: { sid: channels()[0]?.sid } });
    expect(asked('flex', 'POST', '/v1/Channels')).toBe(1);
  });

  it('closes what a call that died had recorded, and opens a new one', async () => {
    const { open, records, clock } = legacy();
    const { put } = records;
    let puts = 0;
    // The claim, and the channel, are noted; then the function is gone.
    Object.assign(records, {
      put: async (record: Parameters<typeof put>[0]) => {
        puts += 1;
        if (puts > 2) throw new Error('the function died');
        return put(record);
      },
    });
    await expect(open()).rejects.toThrow('died');
    Object.assign(records, { put });
    expect(await open()).toMatchObject({ status: 409, headers: { 'retry-after': '2' } });
    clock.advance(60_000);
    expect(await open()).toMatchObject({ status: 200, body: { reused: false } });
    expect(channels().map(({ attributes }) => JSON.parse(attributes).status)).toEqual([
      'INACTIVE',
      'ACTIVE',
    ]);
  });

  it('uses a long-lived channel and its open session again, and closes neither', async () => {
    const { open, records } = legacy();
    await open(lasting);
    const [session] = sessions();
    // The pair is remembered, but not what was open: as after a record ran out.
    for (const record of records.kept.values()) {
      const { lasting: identity } = JSON.parse(JSON.stringify(record.data));
      const data = { state: 'closed', until: 0, fresh: 'unused', lasting: identity };
      records.kept.set(record.id, { ...record, data });
    }
    expect(await open(lasting)).toMatchObject({
      status: 200,
      body: { proxySession: { sid: session?.sid }, chatChannel: { sid: channels()[0]?.sid } },
    });
    expect(channels()).toHaveLength(1);
    expect(sessions()).toHaveLength(1);
  });
});

describe('a message on Programmable Chat and Proxy', () => {
  it('opens a channel for the Studio flow once, and sends every message in it once', async () => {
    const { send } = legacy();
    expect(await send()).toMatchObject({
      status: 200,
      body: { chatChannel: {}, proxySession: {}, chatMessage: {} },
    });
    await send();
    await send({ messageBody: 'And this' });
    expect(channels()).toHaveLength(1);
    expect(channels()[0]?.taskSid).toBeNull();
    expect(channels()[0]?.messages.map(({ body }) => body)).toEqual(['Hello', 'And this']);
  });
});

describe('closing the sessions', () => {
  it('ends them all, page after page, with a count', async () => {
    const { clean } = legacy();
    const { agents } = simulators;
    for (let n = 0; n < 250; n++) {
      const sid = `KC${String(n).padStart(32, '0')}`;
      agents.sessions.set(sid, {
        sid,
        serviceSid: `KS${'0'.repeat(32)}`,
        uniqueName: n === 7 ? 'not-a-channel' : `CH${String(n).padStart(32, '0')}`,
        at: agents.now(),
        status: 'open',
      });
    }
    expect(await clean()).toMatchObject({
      status: 200,
      body: { message: '250 sessions cleaned up', closed: 250, leftOpen: [], more: false },
    });
    expect(sessions()).toEqual([]);
  });

  it('goes on after one that cannot be ended, and names it', async () => {
    const { open, clean } = legacy();
    await open();
    await open({ toNumber: '+12025550121' });
    simulators.setFault('chat', { mode: 'status', status: 500, on: 'sends', count: 1 });
    const { body } = await clean();
    expect(body).toMatchObject({ closed: 1, more: false });
    expect(sessions().map(({ sid }) => ({ kind: 'proxySession', sid }))).toEqual(
      Reflect.get(Object(body), 'leftOpen'),
    );
  });

  it('leaves the rest for another call when its time is up', async () => {
    const { open, clean, clock, beforeCall } = legacy();
    await open();
    await open({ toNumber: '+12025550121' });
    beforeCall((call) => {
      if (call.startsWith('DELETE')) clock.advance(21_000);
    });
    expect((await clean()).body).toMatchObject({ closed: 1, more: true });
    beforeCall(() => {});
    expect((await clean()).body).toMatchObject({ closed: 1, more: false });
  });

  it('needs a Proxy service in the secret', async () => {
    const { clean } = aFlex(simulators, { flex_proxy_service_sid: undefined });
    expect(await clean()).toMatchObject({ status: 422 });
  });
});
