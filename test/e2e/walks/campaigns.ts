import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { heldMessages } from '../../../adapters/aws/held-messages.ts';
import { HOUR } from '../../../domain/clock.ts';
import { localKeys } from '../../../local/secrets.ts';
import { recipient } from '../../../local/simulators/magic-numbers.ts';
import { aHeldMessage } from '../../builders/held-message.ts';
import { type Ground, named } from './ground.ts';

const tenantId = 'local-tenant';

/** A message that has been due for hours, put into the hold store past the worker. */
async function keepOverdue({ stack }: Ground): Promise<void> {
  const { awsEnv, settings } = stack;
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: awsEnv.AWS_REGION ?? '',
      endpoint: awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  const now = Date.now();
  const held = heldMessages(client, settings.db_held_table ?? '', { clock: Date.now });
  const request = { tenantId, guid: 'overdue', to: recipient('delivered', 90), generatedAt: now };
  await held.keep(aHeldMessage(request, { since: now - 6 * HOUR, until: now - 5 * HOUR }));
  client.destroy();
}

/** Holds a campaign, resumes and stops it, and lets the schedule release what is due. */
export async function walkCampaigns(ground: Ground): Promise<void> {
  const { stack, watch, ci360, used } = ground;
  const command = async (word: string) => {
    const answer = await fetch(`${stack.url}/campaigns/TSK_HOLD/${word}`, {
      method: 'POST',
      headers: { 'x-api-key': localKeys.operator },
      body: JSON.stringify({ tenantId }),
    });
    if (!answer.ok) throw new Error(`${word}: ${answer.status} ${await answer.text()}`);
  };
  await command('hold');
  // A worker that has asked a moment ago learns of the hold when it asks again.
  for (;;) {
    await ci360.post(`TO:${recipient('delivered', 91)};Held`, { task: 'TSK_HOLD' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (
      watch
        .calls()
        .map(named)
        .some((call) => /^worker: dynamodb:PutItem .*-held$/.test(call))
    ) {
      break;
    }
  }
  await command('resume');
  await used(/^release: dynamodb:BatchWriteItem .*-held$/);
  await command('stop');

  await keepOverdue(ground);
  let lost = 0;
  watch.meet((call) =>
    /^release-schedule: dynamodb:PutItem .*-held$/.test(named(call)) && lost++ === 0
      ? 'answer-lost'
      : undefined,
  );
  await stack.invoke('release-schedule', {});
  await used(/^release-schedule: dynamodb:GetItem .*-held$/);
  await used(/^release: dynamodb:DeleteItem .*-held$/);
  // Its hour is over, and nothing is left in it: the next run takes it off the list.
  for (;;) {
    await stack.invoke('release-schedule', {});
    const calls = watch.calls().map(named);
    if (calls.some((call) => /^release-schedule: dynamodb:DeleteItem /.test(call))) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
