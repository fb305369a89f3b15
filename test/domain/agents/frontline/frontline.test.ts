import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merge } from '../../../../domain/agents/frontline/templates.ts';
import { aContact } from '../../../builders/contact.ts';
import { aTenantSecret } from '../../../fakes/tenant-secrets.ts';
import { aFrontline } from './frontline-setup.ts';

const listing = { Location: 'GetCustomersList', Worker: 'maria', PageSize: '30' };

describe('a callback', () => {
  it('is refused unless Twilio signed it', async () => {
    const { call, observe } = await aFrontline();
    for (const signature of ['', 'forged']) {
      expect(await call('crm', listing, { signature })).toMatchObject({ status: 403 });
    }
    expect(observe.counted('forged')).toBe(2);
  });

  it('is refused for an unknown tenant', async () => {
    const { call } = await aFrontline();
    expect(await call('crm', listing, { tenantId: 'nobody' })).toMatchObject({ status: 403 });
  });

  it('is accepted with a token that has just been rotated', async () => {
    const { call, secrets } = await aFrontline();
    await secrets.get('tenant-a');
    secrets.put('tenant-a', {
      kind: 'found',
      secret: aTenantSecret({ twilio_auth_token: 'newer' }),
    });
    expect((await call('crm', listing)).status).toBe(200);
    const old = await call('crm', listing, { signature: 'by-nobody' });
    expect(old.status).toBe(403);
  });

  it('is answered in time when it cannot be verified; only a message is refused for it', async () => {
    const { call, secrets } = await aFrontline();
    secrets.put('tenant-a', {
      kind: 'found',
      secret: aTenantSecret({ twilio_auth_token: 'newer' }),
    });
    const event = (EventType: string) => ({
      EventType,
      ConversationSid: 'CH1',
      ClientIdentity: 'm',
    });
    const signature = `${'A'.repeat(27)}=`;
    for (const [type, expected] of [
      ['onConversationAdd', { status: 200, body: {} }],
      ['onMessageAdd', { status: 503 }],
    ] as const) {
      secrets.outage.begin();
      const answer = await call('twilio-conversations', event(type), { signature });
      expect(answer).toMatchObject(expected);
      secrets.outage.end();
    }
  });

  it('of another name is 404', async () => {
    const { call } = await aFrontline();
    expect(await call('constructor', {})).toMatchObject({ status: 404 });
  });
});

describe('outgoing-conversation', () => {
  const asking = (ChannelType: string) => ({
    Location: 'GetProxyAddress',
    Worker: 'maria',
    CustomerId: 'recAna',
    ChannelType,
    ChannelValue: '+12025550110',
  });

  it.each([
    ['sms', '+12025550100'],
    ['whatsapp', 'whatsapp:+12025550101'],
  ])('gives the number for %s', async (type, proxy_address) => {
    const { call } = await aFrontline();
    expect(await call('outgoing-conversation', asking(type))).toEqual({
      status: 200,
      body: { proxy_address },
    });
  });

  it('answers 403 where the tenant has no number for it', async () => {
    const { call } = await aFrontline([], { frontline_whatsapp_number: undefined });
    expect(await call('outgoing-conversation', asking('whatsapp'))).toMatchObject({ status: 403 });
  });

  it('answers 422 to another location and 400 to missing fields, all of them named', async () => {
    const { call } = await aFrontline();
    expect(await call('outgoing-conversation', {})).toMatchObject({ status: 422 });
    const { status, body } = await call('outgoing-conversation', { Location: 'GetProxyAddress' });
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toMatch(/ChannelType.*ChannelValue/);
  });
});

describe('templates', () => {
  const asking = (CustomerId: string) => ({
    Location: 'GetTemplatesByCustomerId',
    Worker: 'maria',
    CustomerId,
  });

  it("are grouped, and filled with the customer's fields", async () => {
    const { call, copy } = await aFrontline([aContact({ fields: { city: 'Lisbon' } })]);
    await copy.putTemplates('tenant-a', [
      { category: 'Greetings', text: 'Hello {{name}} of {{ City }}', whatsAppApproved: false },
      { category: 'Offers', text: 'Your {{tier}}', whatsAppApproved: true },
      { category: 'Greetings', text: '{{owner}} here, {{sms}}', whatsAppApproved: false },
    ]);
    expect((await call('templates', asking('recAna'))).body).toEqual([
      {
        display_name: 'Greetings',
        templates: [
          { content: 'Hello Ana Lima of Lisbon' },
          { content: 'maria here, +12025550110' },
        ],
      },
      {
        display_name: 'Offers',
        templates: [{ content: 'Your tier is blank', whatsAppApproved: true }],
      },
    ]);
  });

  it("come from the tenant's secret where Airtable has none", async () => {
    const { call } = await aFrontline([aContact()], {
      frontline_templates: [{ category: 'Greetings', text: 'Hi {{name}}' }],
    });
    expect((await call('templates', asking('recAna'))).body).toEqual([
      { display_name: 'Greetings', templates: [{ content: 'Hi Ana Lima' }] },
    ]);
  });

  it('are 404 for an unknown customer, and 422 for another location', async () => {
    const { call } = await aFrontline();
    expect(await call('templates', asking('recNever'))).toMatchObject({ status: 404 });
    expect(await call('templates', {})).toMatchObject({ status: 422 });
  });

  it('insert values as they are: none is read as a template', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, value) => {
        const text = before.replaceAll(/[{}]/g, '');
        expect(merge(`${text}{{name}}!`, new Map([['name', value]]))).toBe(`${text}${value}!`);
      }),
    );
    const tricky = '{{email}} $& \\ "quoted" $1 {{name}}';
    expect(merge('{{name}}', new Map([['name', tricky]]))).toBe(tricky);
  });
});
