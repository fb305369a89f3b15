import { expect } from 'vitest';
import * as z from 'zod';
import { localKeys } from '../../../local/secrets.ts';
import { type Ground, patience } from './ground.ts';

const ours = '+12025550100';
const ana = '+12025550110';
const stranger = '+12025550170';
const list = { Location: 'GetCustomersList', Worker: 'maria', PageSize: '30' };

const playedSchema = z.object({ conversation: z.object({ sid: z.string() }) });

/** Twilio and Flex screens as the connector's callers. */
function callersOf({ stack }: Ground) {
  const post = async (path: string, fields: Readonly<Record<string, string>>): Promise<unknown> => {
    const answer = await fetch(`${stack.simUrl}/frontline/${path}`, {
      method: 'POST',
      body: new URLSearchParams(fields),
    });
    return answer.json();
  };
  return {
    /** Asks one of Frontline's callbacks; its answer as text. */
    frontline: async (callback: string, fields: Readonly<Record<string, string>>) =>
      JSON.stringify(await post(callback, fields)),
    /** A message of the customer's or the agent's, with everything that Twilio does around it. */
    play: async (who: 'customer' | 'agent', fields: Readonly<Record<string, string>>) =>
      playedSchema.parse(await post(who, fields)).conversation.sid,
    flex: async (path: string, body: object) => {
      const answer = await fetch(`${stack.url}/flex/local-tenant/${path}`, {
        method: 'POST',
        headers: { 'x-api-key': localKeys.connector },
        body: JSON.stringify(body),
      });
      expect(answer.status).toBe(200);
    },
  };
}

/** Serves agents in Frontline and Flex, with Airtable down at first. */
export async function walkAgents(ground: Ground): Promise<void> {
  const { stack, used } = ground;
  const { frontline, play, flex } = callersOf(ground);

  stack.simulators.setFault('airtable', { mode: 'status', status: 503 });
  await frontline('crm', list);
  await used(/^contacts-sync: sqs:ChangeMessageVisibility/);
  stack.simulators.setFault('airtable', {});
  await stack.invoke('contacts-schedule', {});
  await expect.poll(() => frontline('crm', list), patience).toContain('Ana Lima');

  await frontline('crm', {
    Location: 'CreateCustomer',
    Worker: 'maria',
    DisplayName: 'Zoe New',
    Channels: '[{"type":"sms","value":"(202) 555-0144"}]',
  });
  await play('customer', { from: stranger, to: ours, body: 'Hello' });
  const conversation = await play('customer', { from: ana, to: ours, body: 'Hello' });
  await play('agent', { conversation, worker: 'maria', body: 'Hi Ana' });
  await play('customer', { from: ana, to: ours, body: 'STOP' });

  await flex('outbound-sms-tasks', { fromNumber: ours, toName: 'Ben', toNumber: '+12025550120' });
}
