import './described.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messagesAtProviders } from '../../local/demo/outcomes.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { connector } from './connector.ts';

let stack: Stack;
let ci360: ReturnType<typeof connector>;
let logsDir: string;
beforeAll(async () => {
  logsDir = await mkdtemp(join(tmpdir(), 'e2e-'));
  stack = await startStack({ logsDir });
  ci360 = connector(stack);
});
afterAll(async () => {
  await stack.close();
  await rm(logsDir, { recursive: true });
});

const timesSent = (guid: string) => messagesAtProviders(stack).get(`local-tenant#${guid}`) ?? 0;

describe('an event that CI360 posts', () => {
  it('reaches the phone through Twilio as it was written', async () => {
    const to = recipient('delivered', 0);
    const body = 'Hi; your code: 7;8;9 😀\nעד מחר — see you';
    const {
      guid,
      status,
      body: answer,
    } = await ci360.post(`TO:${to};\nFROM:+12025550111;\n${body}`);
    const size = { encoding: 'UCS-2', segments: 1 };
    expect([status, answer]).toEqual([202, { status: 'accepted', guid, ...size }]);
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
    const message = await stack.simulators.twilio.waitFor((each) => each.to === to);
    expect(message).toMatchObject({ body, from: '+12025550111' });
  });

  it('reaches the phone through SCG', async () => {
    const to = recipient('delivered', 1);
    const { guid } = await ci360.post(`TO:${to};Hello from SCG; again`, { provider: 'scg' });
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
    const message = await stack.simulators.scg.waitFor((each) => each.to.endsWith(to.slice(1)));
    expect(message).toMatchObject({ body: 'Hello from SCG; again', from: 'sender_id:local' });
  });

  it('is sent once however often it is posted', async () => {
    const creative = `TO:${recipient('delivered', 2)};Once`;
    const { guid } = await ci360.post(creative);
    const again = await Promise.all([
      ci360.post(creative, { guid }),
      ci360.post(creative, { guid }),
    ]);
    expect(again.map(({ status }) => status)).toEqual([202, 202]);
    await ci360.outcome(guid);
    const last = await ci360.post(`TO:${recipient('delivered', 3)};Behind it in the queue`);
    await ci360.outcome(last.guid);
    expect(timesSent(guid)).toBe(1);
  });

  it.each([
    ['twilio', 'accepted-then-hangs'],
    ['twilio', 'accepted-then-resets'],
    ['scg', 'accepted-then-500'],
    ['scg', 'accepted-then-resets'],
    ['twilio', 'throttled-once'],
    ['scg', 'unavailable-once'],
    ['twilio', 'bad-gateway-once'],
  ] as const)('is sent once through %s to a phone that is %s', async (provider, behaviour) => {
    const { guid } = await ci360.post(`TO:${recipient(behaviour, 0)};Be sure`, { provider });
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
    expect(timesSent(guid)).toBe(1);
  });

  it.each([
    ['twilio', 'invalid', 'permanent', '21211'],
    ['twilio', 'opted-out', 'opted-out', '21610'],
    ['scg', 'invalid', 'permanent', 'SCG_ERROR_40024'],
  ] as const)(
    'is kept with its reason when %s says %s',
    async (provider, behaviour, kind, code) => {
      const { guid } = await ci360.post(`TO:${recipient(behaviour, 0)};Kept`, { provider });
      expect(await ci360.outcome(guid)).toMatchObject({ kind: 'failed', class: kind, code });
      expect(timesSent(guid)).toBe(0);
    },
  );

  it('is discarded when it is stale, and refused when it cannot be sent', async () => {
    const stale = await ci360.post('TO:+12025550123;Old', {
      generatedAt: Date.now() - 2 * 86_400_000,
    });
    expect([stale.status, stale.body]).toEqual([200, { status: 'discarded', reason: 'stale' }]);
    const refused = await ci360.post('CHANNEL:PIGEON;No recipient');
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ error: { code: 'VALIDATION_ERROR' } });
  });

  it('of a tenant without a secret is kept for an operator', async () => {
    const stranger = connector(stack, 'nobody-knows');
    const { guid, status } = await stranger.post('TO:+12025550123;Hello?');
    expect(status).toBe(202);
    expect(await stranger.outcome(guid)).toMatchObject({ kind: 'failed', class: 'config' });
  });

  it('waits while its worker is being killed, and is sent once', async () => {
    stack.simulators.setFault('twilio', { mode: 'hang' });
    const { guid } = await ci360.post(`TO:${recipient('delivered', 4)};Patience`);
    await stack.simulators.inspection('twilio').waitFor(({ body }) => body.includes('Patience'));
    await stack.kill('worker');
    stack.simulators.setFault('twilio', {});
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
    expect(timesSent(guid)).toBe(1);
  });
});

describe('a key', () => {
  it('is needed, and the right one', async () => {
    expect((await ci360.post('TO:+12025550123;Hi', { key: 'not-the-local-key' })).status).toBe(401);
  });

  it('works as soon as it has been rotated', async () => {
    const key = 'a-newly-made-connector-key';
    const use = { name: 'new', key, tenants: ['local-tenant'] };
    stack.putSecret('access-keys', { connector: [use], operator: [] });
    await stack.kill('ingress');
    expect((await ci360.post('TO:+12025550123;Hi', { key })).status).toBe(202);
    expect((await connector(stack, 'another').post('TO:+12025550123;Hi', { key })).status).toBe(
      403,
    );
    expect((await ci360.post('TO:+12025550123;Hi')).status).toBe(401);
  });
});
