import { localKeys } from '../../../local/secrets.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import type { Ground } from './ground.ts';

const tenantId = 'local-tenant';
const approved = { sid: `HX${'9'.repeat(32)}`, name: 'new_offer', text: 'New' };

/** Sends a template, reads the catalogue anew, and opens a window on WhatsApp. */
export async function walkContent({ stack, ci360, used }: Ground): Promise<void> {
  const to = recipient('delivered', 95);
  const creative = `TO:${to};CHANNEL:WHATSAPP;TEMPLATE:spring_sale;VAR_1:Ben;VAR_2:3 May;BODY:Hi`;
  const { guid } = await ci360.post(creative);
  await ci360.outcome(guid);
  await used(/^worker: dynamodb:PutItem .*-templates$/);

  const settings = await fetch(`${stack.simUrl}/_settings/twilio`, {
    method: 'PUT',
    body: JSON.stringify({ templates: [approved] }),
  });
  if (!settings.ok) throw new Error(await settings.text());
  const synced = await fetch(`${stack.url}/templates/sync`, {
    method: 'POST',
    headers: { 'x-api-key': localKeys.operator },
    body: JSON.stringify({ tenantId }),
  });
  if (!synced.ok) throw new Error(await synced.text());
  await fetch(`${stack.simUrl}/_settings/twilio`, { method: 'DELETE' });

  await stack.simulators.twilio.reply({
    from: `whatsapp:${to}`,
    to: 'whatsapp:+12025550100',
    body: 'Hello',
  });
  await used(/^ci360-injector: dynamodb:UpdateItem .*-identities$/);
}
