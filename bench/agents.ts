/**
 * How long Frontline's callbacks take with 10,000 contacts in the copy, on the embedded stack: from the
 * signed request to the answer, over HTTP, one after another. `node bench/agents.ts [calls]`
 */
import { performance } from 'node:perf_hooks';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { contacts } from '../adapters/aws/contacts.ts';
import { simulatorSecret } from '../local/simulators/credentials.ts';
import { startStack } from '../local/stack.ts';

const COUNT = 10_000;
const calls = Number(process.argv[2] ?? 300);
const tenantId = 'local-tenant';
const numberOf = (n: number): string => `+1202556${String(n).padStart(4, '0')}`;

const stack = await startStack();
try {
  const { AWS_ENDPOINT_URL_DYNAMODB: endpoint = '', AWS_REGION: region = '' } = stack.awsEnv;
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const copy = contacts(
    DynamoDBDocumentClient.from(client),
    stack.settings.db_contacts_table ?? '',
    { warn: () => {}, count: () => {} },
  );
  const everyone = Array.from({ length: COUNT }, (_, n) => ({
    id: `rec${n}`,
    name: `Name ${n}`,
    phone: numberOf(n),
    owner: 'maria',
    optedOut: false,
    fields: {},
  }));
  await pMap(everyone, (contact) => copy.put(tenantId, contact, 1), { concurrency: 50 });
  await copy.refreshed(tenantId, Date.now(), true);

  const token = simulatorSecret(stack.simUrl, tenantId).twilio_auth_token ?? '';
  const call = async (callback: string, fields: Readonly<Record<string, string>>) => {
    const url = `${stack.url}/frontline/${tenantId}/callbacks/${callback}`;
    const signature = getExpectedTwilioSignature(token, url, { ...fields });
    const began = performance.now();
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'x-twilio-signature': signature },
      body: new URLSearchParams(fields),
    });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`${callback} answered ${answer.status}`);
    return performance.now() - began;
  };
  const account = simulatorSecret(stack.simUrl, tenantId).twilio_account_sid ?? '';
  const { sid } = stack.simulators.agents.openConversation(account, numberOf(7), '+12025550100');
  const kinds: Readonly<Record<string, (n: number) => Promise<number>>> = {
    onConversationAdd: (n) =>
      call('twilio-conversations', {
        EventType: 'onConversationAdd',
        'MessagingBinding.Address': numberOf((n * 37) % COUNT),
      }),
    onMessageAdd: () =>
      call('twilio-conversations', {
        EventType: 'onMessageAdd',
        ConversationSid: sid,
        ClientIdentity: 'maria',
        Body: 'Hi',
      }),
    GetCustomersList: (n) =>
      call('crm', {
        Location: 'GetCustomersList',
        Worker: 'maria',
        PageSize: '30',
        Anchor: `rec${(n * 37) % COUNT}`,
      }),
  };
  for (const [name, one] of Object.entries(kinds)) {
    const times: number[] = [];
    const first = await one(0);
    for (let n = 1; n <= calls; n++) times.push(await one(n));
    times.sort((a, b) => a - b);
    const at = (share: number): string =>
      `${(times[Math.floor(share * times.length)] ?? 0).toFixed(1)} ms`;
    console.log(
      `${name}: median ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}, first ${first.toFixed(0)} ms`,
    );
  }
  client.destroy();
} finally {
  await stack.close();
}
