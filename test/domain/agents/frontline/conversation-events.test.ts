import { describe, expect, it } from 'vitest';
import { aContact } from '../../../builders/contact.ts';
import { aFrontline } from './frontline-setup.ts';

const phone = '+12025550110';
const event = (EventType: string, fields: Record<string, string> = {}) => ({
  EventType,
  ...fields,
});
const added = (fields: Record<string, string> = {}) =>
  event('onConversationAdd', {
    'MessagingBinding.Address': phone,
    'MessagingBinding.ProxyAddress': '+12025550100',
    MessageBody: 'Hello',
    ...fields,
  });
const byAgent = (fields: Record<string, string> = {}) =>
  event('onMessageAdd', {
    ConversationSid: 'CH1',
    ClientIdentity: 'maria',
    Author: 'maria',
    Body: 'Hi',
    ...fields,
  });
const byCustomer = (Body: string, fields: Record<string, string> = {}) =>
  event('onMessageAdded', { ConversationSid: 'CH1', Author: phone, Body, ...fields });
const callback = 'twilio-conversations';

type World = Awaited<ReturnType<typeof aFrontline>>;
const join = ({ conversations }: World, address: string, id = 'MBana') =>
  conversations.participantsOf('CH1').push({ id, address, attributes: '{"lang":"pt"}' });

describe('onConversationAdd', () => {
  it.each([phone, `whatsapp:${phone}`])('names the conversation of %s', async (address) => {
    const { call } = await aFrontline([aContact({ avatar: 'https://example.com/ana.png' })]);
    const fields = added({ 'MessagingBinding.Address': address, Attributes: '{"lang":"pt"}' });
    expect(await call(callback, fields)).toEqual({
      status: 200,
      body: {
        friendly_name: 'Ana Lima',
        attributes: '{"lang":"pt","avatar":"https://example.com/ana.png"}',
      },
    });
  });

  it("gives an unknown customer's number, and has the copy refreshed", async () => {
    const { call, jobs } = await aFrontline();
    expect(await call(callback, added())).toEqual({
      status: 200,
      body: { friendly_name: phone, attributes: '{}' },
    });
    expect(jobs).toMatchObject([{ kind: 'refresh' }]);
  });

  it('changes nothing without an address, or when the copy cannot be read', async () => {
    const { call, copy } = await aFrontline([aContact()]);
    expect(await call(callback, event('onConversationAdd'))).toEqual({ status: 200, body: {} });
    copy.outage.begin();
    expect(await call(callback, added())).toEqual({ status: 200, body: {} });
  });
});

describe('onMessageAdd', () => {
  it.each([phone, `whatsapp:${phone}`])(
    "refuses an agent's message to %s after STOP",
    async (to) => {
      const world = await aFrontline([aContact()]);
      join(world, to);
      expect(await world.call(callback, byAgent())).toEqual({ status: 200, body: {} });
      await world.optOuts.optOut('tenant-a', phone, 'campaign', 1_000);
      expect(await world.call(callback, byAgent())).toMatchObject({
        status: 451,
        body: { error: { code: 'OPTED_OUT' } },
      });
    },
  );

  it('allows a message to an unknown customer', async () => {
    const world = await aFrontline();
    join(world, phone);
    expect(await world.call(callback, byAgent())).toEqual({ status: 200, body: {} });
  });

  it('lets whatever a customer writes pass', async () => {
    const world = await aFrontline();
    await world.optOuts.optOut('tenant-a', phone, 'reply', 1_000);
    const fields = event('onMessageAdd', { ConversationSid: 'CH1', Author: phone, Body: 'Hi' });
    expect(await world.call(callback, fields)).toEqual({ status: 200, body: {} });
    expect(world.conversations.calls).toEqual([]);
  });

  it('asks Twilio who takes part once, and answers from memory then', async () => {
    const world = await aFrontline();
    join(world, phone);
    for (let times = 0; times < 5; times++) await world.call(callback, byAgent());
    expect(world.conversations.calls).toEqual(['participants']);
  });

  it('looks again before it refuses: the one who opted out may have left the group', async () => {
    const world = await aFrontline();
    join(world, phone);
    join(world, '+12025550111', 'MBben');
    await world.call(callback, byAgent());
    await world.optOuts.optOut('tenant-a', phone, 'reply', 1_000);
    expect(await world.call(callback, byAgent())).toMatchObject({ status: 451 });
    world.conversations.participantsOf('CH1').shift();
    expect(await world.call(callback, byAgent())).toEqual({ status: 200, body: {} });
  });

  it('refuses for now when it cannot be known', async () => {
    const world = await aFrontline();
    join(world, phone);
    world.optOuts.outage.begin(1);
    expect(await world.call(callback, byAgent())).toMatchObject({ status: 503 });
    world.conversations.failWith(() => ({ kind: 'busy', code: 'ETIMEDOUT', retryAfterSeconds: 2 }));
    const elsewhere = byAgent({ ConversationSid: 'CH2' });
    expect(await world.call(callback, elsewhere)).toMatchObject({ status: 503 });
  });
});

describe('onMessageAdded', () => {
  it.each(['STOP', 'stop', ' Stop. ', 'UNSUBSCRIBE', 'Quit!', 'CANCEL', 'END', 'stopall'])(
    'takes %j for an opt-out that campaigns respect',
    async (word) => {
      const { call, optOuts, jobs } = await aFrontline([aContact()]);
      expect(await call(callback, byCustomer(word))).toEqual({ status: 200, body: {} });
      expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
      expect(jobs).toEqual([{ kind: 'show-opt-out', tenantId: 'tenant-a', number: phone }]);
    },
  );

  it('lets START lift it, whichever of the two arrives first', async () => {
    const { call, optOuts } = await aFrontline([aContact()]);
    const start = byCustomer('START', { DateCreated: '2026-01-01T10:00:02.000Z' });
    const stop = byCustomer('STOP', { DateCreated: '2026-01-01T10:00:01.000Z' });
    await call(callback, start);
    await call(callback, stop);
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
  });

  it('accepts keywords of unknown customers, by WhatsApp too', async () => {
    const { call, optOuts } = await aFrontline();
    await call(callback, byCustomer('STOP', { Author: `whatsapp:${phone}` }));
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(true);
  });

  it('ignores agents, other texts, and authors without a number', async () => {
    const { call, optOuts, jobs } = await aFrontline([aContact()]);
    await call(callback, byCustomer('STOP', { ClientIdentity: 'maria' }));
    await call(callback, byCustomer('please stop the music'));
    await call(callback, byCustomer('STOP', { Author: 'system' }));
    expect(await optOuts.isOptedOut('tenant-a', phone)).toBe(false);
    expect(jobs).toEqual([]);
  });
});

describe('onParticipantAdded', () => {
  const joined = (fields: Record<string, string> = {}) =>
    event('onParticipantAdded', {
      ConversationSid: 'CH1',
      ParticipantSid: 'MBana',
      'MessagingBinding.Address': phone,
      'MessagingBinding.Type': 'SMS',
      ...fields,
    });

  it("adds the customer's id and name to the existing attributes", async () => {
    const world = await aFrontline([aContact({ avatar: 'https://example.com/ana.png' })]);
    join(world, phone);
    expect(await world.call(callback, joined())).toEqual({ status: 200, body: {} });
    const [ana] = world.conversations.participantsOf('CH1');
    expect(JSON.parse(ana?.attributes ?? '')).toEqual({
      lang: 'pt',
      avatar: 'https://example.com/ana.png',
      customer_id: 'recAna',
      display_name: 'Ana Lima',
    });
    await world.call(callback, joined());
    expect(world.conversations.calls.filter((one) => one === 'setAttributes')).toHaveLength(1);
  });

  it('does nothing for a worker, and nothing but a refresh for a stranger', async () => {
    const world = await aFrontline();
    expect(await world.call(callback, joined({ Identity: 'maria' }))).toEqual({
      status: 200,
      body: {},
    });
    expect(world.conversations.calls).toEqual([]);
    join(world, phone);
    expect(await world.call(callback, joined())).toEqual({ status: 200, body: {} });
    expect(world.jobs).toMatchObject([{ kind: 'refresh' }]);
  });

  it('reports when Twilio cannot be asked', async () => {
    const world = await aFrontline([aContact()]);
    world.conversations.failWith(() => ({ kind: 'unknown', code: 'ECONNRESET' }));
    expect(await world.call(callback, joined())).toMatchObject({ status: 503 });
  });
});

it('answers 422 to an event that it does not know', async () => {
  const { call } = await aFrontline();
  expect(await call(callback, event('onConversationRemove'))).toMatchObject({ status: 422 });
  expect(await call(callback, {})).toMatchObject({ status: 422 });
});

it.each(['onConversationAdded', 'onConversationRemoved', 'onDeliveryUpdated', 'onUserAdded'])(
  'acknowledges %s, which has already happened and which it has no use for',
  async (type) => {
    const { call } = await aFrontline();
    expect(await call(callback, event(type))).toEqual({ status: 200, body: {} });
  },
);
