import { expect } from 'vitest';
import * as z from 'zod';
import { localKeys } from '../../../local/secrets.ts';
import { commandLine } from '../command-line.ts';
import { type Ground, patience } from './ground.ts';

const ours = '+12025550100';
/** The person who is erased. Nobody else on the ground has the number, or reads of such a parcel. */
export const erasedPerson = { number: '+12025550163', text: 'parcel-4711' };

const exportSchema = z.object({ stored: z.record(z.string(), z.array(z.unknown())) });

/** How much of the person each store has. */
async function stored({ stack }: Ground): Promise<Record<string, number>> {
  const line = `person export --number ${erasedPerson.number}`;
  const { answer } = await commandLine(stack, line, exportSchema);
  return Object.fromEntries(
    Object.entries(answer.stored).map(([store, items]) => [store, items.length]),
  );
}

const certificateSchema = z.object({ erased: z.number(), inFlight: z.number() });
export type Certificate = z.infer<typeof certificateSchema>;

async function postJson(url: string, body: object, key: string): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}

/** Leaves something of the person in every store: sent, failed, held, replied, a contact and an open task. */
async function leaveTraces({ stack, ci360 }: Ground): Promise<void> {
  const { number, text } = erasedPerson;
  const creative = `TO:${number};Your ${text}`;
  const sent = await ci360.post(creative, { task: 'TSK_SENT' });
  await ci360.outcome(sent.guid);
  await postJson(
    `${stack.url}/campaigns/TSK_ERASE/hold`,
    { tenantId: 'local-tenant' },
    localKeys.operator,
  );
  stack.simulators.setFault('twilio', { mode: 'status', status: 400, code: 21211 });
  const failed = await ci360.post(creative, { task: 'TSK_FAILED' });
  expect(await ci360.outcome(failed.guid)).toMatchObject({ kind: 'failed' });
  stack.simulators.setFault('twilio', {});
  await postJson(
    `${stack.simUrl}/_reply/twilio`,
    { from: number, to: ours, body: `Where is my ${text}?` },
    localKeys.operator,
  );
  const task = { fromNumber: ours, toName: 'Eve', toNumber: number };
  await postJson(`${stack.url}/flex/local-tenant/outbound-sms-tasks`, task, localKeys.connector);
  await fetch(`${stack.simUrl}/frontline/crm`, {
    method: 'POST',
    body: new URLSearchParams({
      Location: 'CreateCustomer',
      Worker: 'maria',
      DisplayName: 'Eve Parcel',
      Channels: JSON.stringify([{ type: 'sms', value: number }]),
    }),
  });
}

/** Shows what is stored about the person, then erases it. */
export async function walkPeople(ground: Ground): Promise<Certificate> {
  await leaveTraces(ground);
  const { number, text } = erasedPerson;
  // Workers go by what they knew of the campaign a moment ago.
  let posted = 2;
  const heldOne = async () => {
    await ground.ci360.post(`TO:${number};Your ${text}`, { task: 'TSK_ERASE' });
    posted += 1;
    return await stored(ground);
  };
  await expect.poll(heldOne, { ...patience, interval: 1000 }).toHaveProperty('held-messages');
  await expect
    .poll(() => stored(ground), patience)
    .toMatchObject({
      'agent-records': expect.any(Number),
      'automatic-answers': 1,
      contacts: 1,
      deliveries: posted,
      'failed-requests': 1,
      identities: 1,
    });
  const line = `person erase --number ${number} --yes`;
  for (;;) {
    const { code, answer } = await commandLine(ground.stack, line, certificateSchema);
    expect(code).toBe(answer.inFlight === 0 ? 0 : 1);
    if (answer.inFlight === 0) return answer;
  }
}
