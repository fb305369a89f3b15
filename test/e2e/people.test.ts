import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../local/stack.ts';
import { type Ground, startGround } from './walks/ground.ts';
import { erasedPerson, walkPeople } from './walks/people.ts';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

let ground: Ground;
beforeAll(async () => {
  ground = await startGround();
});
afterAll(() => ground.close());

/** Every item of every table, after its table's name. */
async function everything({ awsEnv }: Stack): Promise<string[]> {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: awsEnv.AWS_REGION ?? '',
      endpoint: awsEnv.AWS_ENDPOINT_URL_DYNAMODB ?? '',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }),
  );
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const found: string[] = [];
  for (const TableName of TableNames) {
    for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
      found.push(...(page.Items ?? []).map((item) => `${TableName} ${JSON.stringify(item)}`));
    }
  }
  client.destroy();
  return found;
}

const logLines = async ({ logsDir }: Stack): Promise<string[]> => {
  const files = await readdir(logsDir);
  const texts = await Promise.all(files.map((file) => readFile(join(logsDir, file), 'utf8')));
  return texts.flatMap((text) => text.split('\n'));
};

it('leaves neither number nor text of an erased person in any table or log, but for the opt-out’s key', async () => {
  const digits = erasedPerson.number.slice(1);
  const isTheirs = (line: string) => line.includes(digits) || line.includes(erasedPerson.text);
  await walkPeople(ground);

  const left = (await everything(ground.stack)).filter(isTheirs);
  expect(left).toEqual([
    expect.stringMatching(/^\S+-opt-outs \{.*"opt_out_id":"local-tenant#\+12025550163"/),
  ]);
  expect(left[0]).toContain('erased_at');
  expect(left[0]).not.toContain(erasedPerson.text);
  expect((await logLines(ground.stack)).filter(isTheirs)).toEqual([]);
});
