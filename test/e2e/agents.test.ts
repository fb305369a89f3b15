import './described.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { localKeys } from '../../local/secrets.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { connector } from './connector.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());
afterEach(() => {
  for (const name of ['airtable', 'flex', 'conversations']) stack.simulators.setFault(name, {});
});

const answerSchema = z.object({
  status: z.number(),
  contactsAge: z.string().optional(),
  answer: z.unknown(),
});
/** Twilio asks a callback, signed. */
async function frontline(callback: string, fields: Readonly<Record<string, string>>) {
  const response = await fetch(`${stack.simUrl}/frontline/${callback}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return answerSchema.parse(await response.json());
}

const playedSchema = z.object({
  effect: z.object({ kind: z.string(), status: z.number().optional() }),
  conversation: z.object({
    sid: z.string(),
    friendlyName: z.string().nullable(),
    participants: z.array(z.object({ identity: z.string().nullable(), attributes: z.string() })),
    messages: z.array(z.object({ body: z.string() })),
  }),
});
/** A message of the customer's or the agent's, with everything that Twilio does around it. */
async function play(who: 'customer' | 'agent', fields: Readonly<Record<string, string>>) {
  const response = await fetch(`${stack.simUrl}/frontline/${who}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  return playedSchema.parse(await response.json());
}

async function flex(method: string, path: string, body: unknown) {
  const response = await fetch(`${stack.url}/flex/local-tenant/${path}`, {
    method,
    headers: { 'x-api-key': localKeys.connector },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  return { status: response.status, answer };
}

const ana = '+12025550110';
const ours = '+12025550100';
const list = { Location: 'GetCustomersList', Worker: 'maria', PageSize: '30' };

describe('an agent in Frontline', () => {
  it('browses, creates and deletes customers', async () => {
    const first = await frontline('crm', list);
    expect(first).toMatchObject({ status: 200 });
    expect(JSON.stringify(first.answer)).toMatch(/Ana Lima.*Ben Okoye.*Dai Evans/);

    const created = await frontline('crm', {
      Location: 'CreateCustomer',
      Worker: 'maria',
      DisplayName: 'Zoe New',
      Channels: '[{"type":"sms","value":"(202) 555-0144"}]',
    });
    expect(created).toMatchObject({ status: 200 });
    const id = /"customer_id":"([^"]+)"/.exec(JSON.stringify(created.answer))?.[1] ?? '';
    expect(JSON.stringify((await frontline('crm', list)).answer)).toContain('Zoe New');
    const details = { Location: 'GetCustomerDetailsByCustomerId', Worker: 'maria', CustomerId: id };
    expect(await frontline('crm', details)).toMatchObject({ status: 200 });

    const gone = { Location: 'DeleteCustomer', Worker: 'maria', CustomerId: id };
    expect(await frontline('crm', gone)).toMatchObject({ status: 200, answer: {} });
    expect(await frontline('crm', details)).toMatchObject({ status: 404 });
    expect(JSON.stringify(stack.simulators.airtable.rows('Customers'))).not.toContain('Zoe New');
  });

  it('goes on browsing while Airtable is down, and is told to create later', async () => {
    await frontline('crm', list);
    stack.simulators.setFault('airtable', { mode: 'status', status: 503 });
    const listed = await frontline('crm', list);
    expect(listed.status).toBe(200);
    expect(Number(listed.contactsAge)).toBeGreaterThanOrEqual(0);
    const created = await frontline('crm', {
      Location: 'CreateCustomer',
      Worker: 'maria',
      DisplayName: 'Later',
      Channels: '[{"type":"sms","value":"+12025550145"}]',
    });
    expect(created).toMatchObject({ status: 503 });
  });

  it('gets the conversation of a customer of hers, and templates with her name', async () => {
    await frontline('crm', list);
    const { conversation, effect } = await play('customer', { from: ana, to: ours, body: 'Hello' });
    expect(effect).toEqual({ kind: 'published' });
    expect(conversation.friendlyName).toBe('Ana Lima');
    expect(conversation.participants.map(({ identity }) => identity)).toEqual([null, 'maria']);
    expect(conversation.participants[0]?.attributes).toContain('"display_name":"Ana Lima"');

    const { customer_id } = z
      .object({ customer_id: z.string() })
      .parse(JSON.parse(conversation.participants[0]?.attributes ?? '{}'));
    const templates = { Location: 'GetTemplatesByCustomerId', CustomerId: customer_id };
    expect(JSON.stringify((await frontline('templates', templates)).answer)).toContain(
      'Hello Ana Lima, this is maria.',
    );
  });

  it('cannot write after STOP, nor can a campaign, until START', async () => {
    await frontline('crm', list);
    const { conversation } = await play('customer', { from: ana, to: ours, body: 'Hello' });
    const writes = () =>
      play('agent', { conversation: conversation.sid, worker: 'maria', body: 'Hi Ana' });
    expect((await writes()).effect).toEqual({ kind: 'published' });

    await play('customer', { from: ana, to: ours, body: 'Stop.' });
    expect((await writes()).effect).toEqual({ kind: 'rejected', status: 451 });
    const campaign = connector(stack);
    const { guid } = await campaign.post(`TO:${ana};An offer`);
    expect(await campaign.outcome(guid)).toMatchObject({ kind: 'failed', class: 'opted-out' });
    await expect
      .poll(() => stack.simulators.airtable.rows('Customers')[0]?.fields.opt_out, {
        timeout: 10_000,
      })
      .toBe(true);

    await play('customer', { from: ana, to: ours, body: 'START' });
    expect((await writes()).effect).toEqual({ kind: 'published' });
    const again = await campaign.post(`TO:${ana};Another offer`);
    expect(await campaign.outcome(again.guid)).toMatchObject({ kind: 'sent' });
  });

  it('shares what belongs to nobody with the others, in turn', async () => {
    const workers: (string | null | undefined)[] = [];
    for (let n = 0; n < 6; n++) {
      const from = `+1202555017${n}`;
      const { conversation } = await play('customer', { from, to: ours, body: 'Hello' });
      workers.push(conversation.participants[1]?.identity);
    }
    expect(workers.sort()).toEqual(['john', 'john', 'kim', 'kim', 'maria', 'maria']);
  });
});

describe('a call that Twilio did not sign', () => {
  it('gets 403 and does nothing', async () => {
    const url = `${stack.url}/frontline/local-tenant/callbacks/crm`;
    const forged = { 'x-twilio-signature': 'bm90IHNpZ25lZA==' };
    for (const headers of [{}, forged]) {
      const { status } = await fetch(url, {
        method: 'POST',
        headers,
        body: new URLSearchParams(list),
      });
      expect(status).toBe(403);
    }
  });
});

describe('an agent in Flex', () => {
  const task = { fromNumber: ours, toName: 'Ben', toNumber: '+12025550120' };

  it('opens a task once, and sees it again', async () => {
    const one = await flex('POST', 'outbound-sms-tasks', task);
    expect(one).toMatchObject({ status: 200, answer: { reused: false } });
    const two = await flex('POST', 'outbound-sms-tasks', task);
    expect(two).toMatchObject({ status: 200, answer: { reused: true } });
    expect(stack.simulators.agents.interactions.size).toBe(1);
  });

  it('sends a message, and closes what there is of Proxy sessions', async () => {
    const sent = await flex('POST', 'outbound-messages', { ...task, messageBody: 'Hi' });
    expect(sent).toMatchObject({ status: 200, answer: { chatMessage: { status: 'queued' } } });
    expect(await flex('DELETE', 'proxy-sessions', undefined)).toMatchObject({
      status: 200,
      answer: { closed: 0, more: false },
    });
  });

  it('is let in from its own page only', async () => {
    const ask = (origin: string) =>
      fetch(`${stack.url}/flex/local-tenant/outbound-sms-tasks`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const own = await ask('https://flex.twilio.com');
    expect(own.status).toBe(204);
    expect(own.headers.get('access-control-allow-origin')).toBe('https://flex.twilio.com');
    const other = await ask('https://evil.example');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});
