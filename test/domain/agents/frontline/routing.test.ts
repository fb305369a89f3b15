import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aContact } from '../../../builders/contact.ts';
import { aFrontline } from './frontline-setup.ts';

const inbound = (ConversationSid = 'CH1', address = '+12025550110') => ({
  ConversationSid,
  'MessagingBinding.Address': address,
  'MessagingBinding.ProxyAddress': '+12025550100',
});
type World = Awaited<ReturnType<typeof aFrontline>>;
const workersOf = ({ conversations }: World, sid = 'CH1') =>
  conversations.participantsOf(sid).map(({ identity }) => identity);

describe('routing', () => {
  it.each(['+12025550110', 'whatsapp:+12025550110'])(
    "gives a conversation with %s to the contact's owner",
    async (address) => {
      const world = await aFrontline([aContact()]);
      expect(await world.call('routing', inbound('CH1', address))).toEqual({
        status: 200,
        body: {},
      });
      expect(workersOf(world)).toEqual(['maria']);
    },
  );

  it.each(['undefined', 'null', ' '])('treats the owner %j as none', async (owner) => {
    const world = await aFrontline([aContact({ owner })]);
    await world.call('routing', inbound());
    expect(workersOf(world)).toEqual(['kim']);
  });

  it('gives the same conversation to the same worker when the call is repeated', async () => {
    const world = await aFrontline();
    for (let times = 0; times < 3; times++) await world.call('routing', inbound());
    expect(workersOf(world)).toEqual(['kim']);
    await world.call('routing', inbound('CH2'));
    expect(workersOf(world, 'CH2')).toEqual(['lee']);
  });

  it('is refused with a reason if no worker can take it', async () => {
    const world = await aFrontline([], { frontline_pool: [] });
    expect(await world.call('routing', inbound())).toMatchObject({ status: 422 });
  });

  it('does not hide that Twilio refused, or could not', async () => {
    const world = await aFrontline([aContact()]);
    world.conversations.failWith(() => ({ kind: 'refused', status: 400, code: '50200' }));
    expect(await world.call('routing', inbound())).toMatchObject({ status: 502 });
    world.conversations.failWith(() => ({ kind: 'unknown', code: 'ECONNRESET' }));
    expect(await world.call('routing', inbound())).toMatchObject({ status: 503 });
    world.conversations.failWith(() => ({ kind: 'busy', code: '20429', retryAfterSeconds: 7 }));
    expect(await world.call('routing', inbound())).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
    });
  });

  it('tries once more with the secret as it is now when Twilio refuses the credentials', async () => {
    const world = await aFrontline([aContact()]);
    const { secrets } = world;
    const before = await secrets.get('tenant-a');
    const stale = before.kind === 'found' ? before.secret : {};
    const rotated = { ...stale, twilio_api_key_secret: 'rotated' };
    secrets.put('tenant-a', { kind: 'found', secret: rotated });
    world.conversations.failWith((secret) =>
      secret.twilio_api_key_secret === 'rotated'
        ? undefined
        : { kind: 'refused', status: 401, code: '20003' },
    );
    expect(await world.call('routing', inbound())).toMatchObject({ status: 200 });
    expect(world.secrets.refreshes).toEqual(['tenant-a']);
  });

  it('names all fields that are missing', async () => {
    const { call } = await aFrontline();
    const { status, body } = await call('routing', {});
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/ConversationSid.*MessagingBinding\.Address/);
  });

  it('takes over the turn of a call that died, once its time is up', async () => {
    const world = await aFrontline();
    const { next } = world.records;
    // The conversation is claimed, and then the function is gone.
    const dies = async () => {
      throw new Error('the function died');
    };
    Object.assign(world.records, { next: dies });
    await expect(world.call('routing', inbound())).rejects.toThrow('died');
    Object.assign(world.records, { next });
    expect(await world.call('routing', inbound())).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
    world.clock.advance(11_000);
    expect(await world.call('routing', inbound())).toMatchObject({ status: 200 });
    expect(workersOf(world)).toEqual(['kim']);
  });

  it('is fair under concurrency, whatever the order and however often a call is repeated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 30 }),
        fc.scheduler(),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (poolSize, count, scheduler, repeats) => {
          const pool = Array.from({ length: poolSize }, (_, n) => `worker-${n}`);
          const world = await aFrontline([], { frontline_pool: pool });
          const { get, put, next } = world.records;
          // Every step of every call is put in an order of the scheduler's.
          Object.assign(world.records, {
            get: scheduler.scheduleFunction(get),
            put: scheduler.scheduleFunction(put),
            next: scheduler.scheduleFunction(next),
          });
          const sids = Array.from({ length: count }, (_, n) => `CH${n}`);
          const all = [...sids, ...repeats.map((n) => `CH${n % count}`)];
          const calls = all.map((sid) => world.call('routing', inbound(sid)));
          await scheduler.waitFor(Promise.all(calls));

          const assigned = sids.map((sid) => workersOf(world, sid));
          for (const workers of assigned) expect(workers).toHaveLength(1);
          const shares = pool.map((one) => assigned.flat().filter((w) => w === one).length);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: 60 },
    );
  });
});
