import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessKeysSchema, clearKeys, findCaller } from '../../domain/access/access-keys.ts';
import { keyDigest, sameSecret } from '../../handlers/runtime/same-secret.ts';
import { type SecretsManager, startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import {
  drawKeys,
  followSecretsFile,
  localKeys,
  readSecretsFile,
  secretSource,
} from '../../local/secrets.ts';

const names = { prefix: 'service/local/tenants/', accessKeys: 'service/local/access-keys' };

describe('the secret store', () => {
  let store: SecretsManager;
  let client: SecretsManagerClient;
  beforeEach(async () => {
    store = await startSecretsManager(secretSource(async () => ({ one: { a: 'b' } }), names));
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    client = new SecretsManagerClient({ endpoint: store.url, region: 'us-east-1', credentials });
  });
  afterEach(async () => {
    client.destroy();
    await store.close();
  });
  const read = async (SecretId: string) =>
    (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString ?? '';

  it("gives a tenant's secret by its name or ARN", async () => {
    expect(await read('service/local/tenants/one')).toBe('{"a":"b"}');
    const { ARN } = await client.send(
      new DescribeSecretCommand({ SecretId: 'service/local/tenants/one' }),
    );
    expect(await read(ARN ?? '')).toBe('{"a":"b"}');
  });

  it('has the local access keys, in the shape that the service reads', async () => {
    const keys = accessKeysSchema.parse(JSON.parse(await read(names.accessKeys)));
    const by = { same: sameSecret, digest: keyDigest, now: Date.now() };
    expect(findCaller(['local-connector-key'], keys, 'connector', by).kind).toBe('caller');
    expect(findCaller(['local-operator-key'], keys, 'operator', by).kind).toBe('caller');
    expect(clearKeys(keys)).toEqual([]);
  });

  it('says which secret is not there as AWS does', async () => {
    await expect(read('service/local/tenants/two')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('takes a new value, by its API and from the stack', async () => {
    const SecretId = 'service/local/tenants/one';
    await client.send(new PutSecretValueCommand({ SecretId, SecretString: '{"a":"c"}' }));
    expect(await read(SecretId)).toBe('{"a":"c"}');
    store.put(SecretId, undefined);
    await expect(read(SecretId)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('lists names without values', async () => {
    const { SecretList } = await client.send(new ListSecretsCommand());
    expect(SecretList?.map(({ Name }) => Name)).toEqual([
      names.accessKeys,
      'service/local/tenants/one',
    ]);
    expect(JSON.stringify(SecretList)).not.toContain('"b"');
  });

  it('refuses what is not JSON, and what it does not know', async () => {
    const post = (target: string, body: string) =>
      fetch(store.url, { method: 'POST', body, headers: { 'x-amz-target': target } });
    expect((await post('secretsmanager.GetSecretValue', 'x')).status).toBe(400);
    expect(await (await post('secretsmanager.RotateSecret', '{}')).json()).toMatchObject({
      __type: 'UnknownOperationException',
    });
  });
});

describe('a secrets file', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'secrets-'));
    file = join(directory, 'secrets.json');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it.each([
    ['{"one":', /is not JSON/],
    ['["one"]', /must hold an object of tenants/],
    ['{"one": 1}', /must hold an object of tenants/],
  ])('that holds %s is refused in a sentence', async (content, sentence) => {
    await writeFile(file, content);
    await expect(readSecretsFile(file)).rejects.toThrow(sentence);
  });

  it('that is not there is refused in a sentence', async () => {
    await expect(readSecretsFile(file)).rejects.toThrow(/cannot be read \(ENOENT\)/);
  });

  it('is read again when it has changed, and a broken one changes nothing', async () => {
    const warnings: string[] = [];
    const write = async (content: string, seconds: number) => {
      await writeFile(file, content);
      await utimes(file, seconds, seconds);
    };
    await write('{"one":{"key":"old"}}', 1);
    const follow = followSecretsFile(file, await readSecretsFile(file), (w) => warnings.push(w));
    expect(await follow()).toEqual({ one: { key: 'old' } });
    await write('{"one":{"key":"new"}}', 2);
    expect(await follow()).toEqual({ one: { key: 'new' } });
    await write('{"one":', 3);
    expect(await follow()).toEqual({ one: { key: 'new' } });
    expect(await follow()).toEqual({ one: { key: 'new' } });
    expect(warnings).toEqual([expect.stringContaining('is not JSON')]);
  });

  it('may bring its own access keys', async () => {
    const source = secretSource(async () => ({ 'access-keys': { connector: [] } }), names);
    expect(await source.get(names.accessKeys)).toBe('{"connector":[]}');
    expect(await source.names()).toEqual([names.accessKeys]);
  });
});

describe('the well-known keys', () => {
  const here = 'http://127.0.0.1:3001/twilio';
  const simulated = { twilio_account_sid: 'AC1', twilio_api_url: here };
  const who = async (secret: Record<string, unknown>, key: string, drawn = drawKeys()) => {
    const source = secretSource(async () => ({ acme: secret }), names, drawn);
    const keys = accessKeysSchema.parse(JSON.parse((await source.get(names.accessKeys)) ?? ''));
    const by = { same: sameSecret, digest: keyDigest, now: Date.now() };
    return findCaller([key], keys, 'connector', by).kind;
  };

  it.each<[string, Record<string, unknown>, string]>([
    ['all accounts are simulated', simulated, 'caller'],
    ['there is no account', {}, 'caller'],
    ['Twilio is the real one', { twilio_account_sid: 'AC1' }, 'unknown'],
    ['SCG is the real one', { ...simulated, scg_access_token: 'x' }, 'unknown'],
    ['Airtable is the real one', { ...simulated, airtable_token: 'x' }, 'unknown'],
    ['CI360 is elsewhere', { ...simulated, ci360_api_url: 'https://ci360.invalid' }, 'unknown'],
    ['an address only looks local', { twilio_api_url: 'http://127.0.0.1.invalid' }, 'unknown'],
  ])('when %s', async (_what, secret, kind) => {
    expect(await who(secret, localKeys.connector)).toBe(kind);
    const drawn = drawKeys();
    expect(await who(secret, drawn.connector, drawn)).toBe('caller');
  });

  it('are refused from the moment at which an account of the file becomes real', async () => {
    const accounts: Record<string, unknown> = { ...simulated };
    expect(await who(accounts, localKeys.connector)).toBe('caller');
    accounts.twilio_api_url = 'https://api.twilio.com';
    expect(await who(accounts, localKeys.connector)).toBe('unknown');
  });
});
