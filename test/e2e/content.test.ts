import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localKeys } from '../../local/secrets.ts';
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

const contentSid = `HX${'1'.repeat(32)}`;
const spring = (to: string, rest = 'VAR_1:Ben;VAR_2:3 May;') =>
  `TO:${to};CHANNEL:WHATSAPP;TEMPLATE:spring_sale;LANGUAGE:en;${rest}`;
const messagesTo = (to: string) =>
  stack.simulators.twilio.messages().filter((message) => message.to === `whatsapp:${to}`);

async function operator(path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${stack.url}${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'x-api-key': localKeys.operator },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return { status: response.status, body: await response.json() };
}

describe('a WhatsApp template', () => {
  it('reaches a person who has not written', async () => {
    const to = recipient('delivered', 10);
    const { guid, status } = await ci360.post(spring(to));
    expect(status).toBe(202);
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
    const sent = await stack.simulators.twilio.waitFor(
      (each) => each.to === `whatsapp:${to}` && each.status === 'delivered',
    );
    expect(sent).toMatchObject({ body: 'Hello Ben, your code is valid until 3 May.' });
    expect((await operator('/templates?tenantId=local-tenant')).body).toMatchObject({
      templates: expect.arrayContaining([
        expect.objectContaining({ sid: contentSid, status: 'approved', variables: ['1', '2'] }),
      ]),
    });
  });

  it.each([
    ['paused_offer', '', 'template-paused'],
    ['rejected_offer', '', 'template-rejected'],
    ['nowhere', '', 'template-unknown'],
    ['order_shipped', '', 'template-ambiguous'],
    ['spring_sale', 'VAR_1:Ben;', 'template-variables-missing'],
  ])('%s with %j is refused before Twilio is called', async (name, rest, code) => {
    const to = recipient('delivered', 11);
    const { guid } = await ci360.post(`TO:${to};CHANNEL:WHATSAPP;TEMPLATE:${name};${rest}`);
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'failed', code });
    expect(messagesTo(to)).toEqual([]);
  });

  it('is sent once where Twilio accepts it and does not answer', async () => {
    const to = recipient('accepted-then-hangs', 12);
    const { guid } = await ci360.post(spring(to));
    expect(await ci360.outcome(guid)).toMatchObject({ kind: 'sent' });
    expect(messagesTo(to)).toHaveLength(1);
  });

  it('is read from the provider on demand', async () => {
    const body = { tenantId: 'local-tenant' };
    expect((await operator('/templates/sync', body)).status).toBe(200);
  });
});

describe('a WhatsApp message with a text and a template', () => {
  it('is the text for a person who has just written', async () => {
    const to = recipient('delivered', 14);
    const creative = `${spring(to)}BODY:Thank you for your message`;
    const before = await ci360.post(creative);
    await ci360.outcome(before.guid);
    expect(messagesTo(to).map(({ body }) => body)).toEqual([
      'Hello Ben, your code is valid until 3 May.',
    ]);

    await stack.simulators.twilio.reply({
      from: `whatsapp:${to}`,
      to: 'whatsapp:+12025550100',
      body: 'Hello',
    });
    await stack.simulators.ci360.waitFor((event) => JSON.stringify(event).includes('Hello'));
    const after = await ci360.post(creative);
    await ci360.outcome(after.guid);
    expect(messagesTo(to).at(-1)).toMatchObject({ body: 'Thank you for your message' });
  });
});

describe('a checked creative', () => {
  it('is what the event becomes', async () => {
    const creative = `TO:${recipient('delivered', 13)};BODY:Sale – today, STOP to end`;
    const body = { tenantId: 'local-tenant', provider: 'twilio', creative };
    const checked = await operator('/creatives/check', body);
    expect(checked).toMatchObject({
      status: 200,
      body: { ok: true, encoding: 'UCS-2', segments: { min: 1, max: 1 } },
    });
    const { guid, body: answer } = await ci360.post(creative);
    expect(answer).toEqual({ status: 'accepted', guid, encoding: 'UCS-2', segments: 1 });
    await ci360.outcome(guid);
    expect((await operator(`/deliveries/${guid}?tenantId=local-tenant`)).body).toMatchObject({
      encoding: 'UCS-2',
      segments: 1,
    });
  });
});
