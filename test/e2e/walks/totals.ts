import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { totals } from '../../../adapters/aws/totals.ts';
import { hourOf } from '../../../domain/campaigns/counted.ts';
import { HOUR } from '../../../domain/clock.ts';
import { localKeys } from '../../../local/secrets.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { type Ground, named } from './ground.ts';

const tenantId = 'local-tenant';

/** Totals that no delivery stands behind, at rest for an hour. */
async function countTooMuch({ stack }: Ground): Promise<void> {
  const { awsEnv, settings } = stack;
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: awsEnv.AWS_REGION ?? '',
      endpoint: awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  const at = Date.now() - HOUR;
  const store = totals(client, settings.db_campaigns_table ?? '', {
    clock: () => at,
    ttlSeconds: 86_400,
  });
  const of = { provider: 'twilio', channel: 'SMS', country: 'US', sender: '+12025550100' };
  await store.add(
    { tenantId, taskId: 'too-much', hour: hourOf(at), ...of },
    { accepted: 1 },
    { shardId: 'shardId-000000000001', sequence: '1' },
    { at: undefined },
  );
  client.destroy();
}

/** Adds up a campaign whose first addition loses its answer, looks at it, and has totals rebuilt. */
export async function walkTotals(ground: Ground): Promise<void> {
  const { stack, ci360, used, watch } = ground;
  const operator = async (method: string, path: string, body?: object) => {
    const answer = await fetch(stack.url + path, {
      method,
      headers: { 'x-api-key': localKeys.operator },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  let lost = 0;
  watch.meet((call) =>
    /^totals: dynamodb:UpdateItem .*-campaigns$/.test(named(call)) && lost++ === 0
      ? 'answer-lost'
      : undefined,
  );
  await ci360.post(`TO:${recipient('delivered', 95)};Counted`, { task: 'TSK_TOTALS' });
  await used(/^totals: dynamodb:GetItem .*-campaigns$/);
  await operator('GET', `/campaigns?tenantId=${tenantId}`);
  await operator('POST', '/messages/find', { tenantId, number: recipient('delivered', 95) });
  await operator('GET', `/senders?tenantId=${tenantId}`);

  await countTooMuch(ground);
  await operator('POST', '/totals-check', {});
  await stack.invoke('totals-check', {});
  await used(/^totals-check: dynamodb:UpdateItem .*-campaigns$/);
  await operator('GET', '/totals-check');
}
