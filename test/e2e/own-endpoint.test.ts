import './described.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AccountError, accountOf } from '../../local/account.ts';
import { credentialsOf } from '../../local/aws.ts';
import { startDynamoDb } from '../../local/emulators/dynamodb.ts';
import { closeServer, listen } from '../../local/emulators/listen.ts';
import { startSecretsManager } from '../../local/emulators/secrets-manager.ts';
import { startSqs } from '../../local/emulators/sqs.ts';
import { secretSource } from '../../local/secrets.ts';
import { simulatorSecret } from '../../local/simulators/credentials.ts';
import { startStack } from '../../local/stack.ts';
import { connector } from './connector.ts';

const account = '123456789012';
const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/me</Arn><UserId>AIDA</UserId>
  <Account>${account}</Account></GetCallerIdentityResult>
  <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

type Call = { readonly target: string; readonly body: string };

/** One address for all of AWS, as such servers have it: each request goes where its protocol says. */
async function startServer() {
  let secrets = {};
  const [sqs, dynamoDb, secretsManager] = await Promise.all([
    startSqs({}),
    startDynamoDb({}),
    startSecretsManager(
      secretSource(async () => secrets, {
        prefix: 'ci360-mobile-connector/local/tenants/',
        accessKeys: 'ci360-mobile-connector/local/access-keys',
      }),
    ),
  ]);
  const calls: Call[] = [];
  const machines = new Set<string>();
  const states = (target: string, body: string): [number, object] => {
    const { name } = JSON.parse(body);
    if (target.endsWith('.CreateStateMachine')) {
      if (machines.has(name)) return [400, { __type: 'StateMachineAlreadyExists' }];
      machines.add(name);
    }
    const stateMachineArn = `arn:aws:states:us-east-1:${account}:stateMachine:${name}`;
    return [200, { stateMachineArn, creationDate: 1, updateDate: 1 }];
  };
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const target = String(request.headers['x-amz-target'] ?? body.toString());
    calls.push({ target, body: body.toString() });
    if (target.includes('GetCallerIdentity')) {
      response.writeHead(200, { 'content-type': 'text/xml' }).end(callerIdentity);
      return;
    }
    if (target.startsWith('AWSStepFunctions.')) {
      const [status, answer] = states(target, body.toString());
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer));
      return;
    }
    const to = target.startsWith('AmazonSQS')
      ? sqs
      : target.startsWith('DynamoDB')
        ? dynamoDb
        : secretsManager;
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
        ? [[name, value]]
        : [],
    );
    const answer = await fetch(to.url + request.url, { method: 'POST', headers, body });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  const url = await listen(server, 0);
  return {
    url,
    calls,
    called: (operation: string) => calls.filter(({ target }) => target.includes(operation)),
    setSecrets: (given: object) => {
      secrets = given;
    },
    close: async () => {
      server.closeAllConnections();
      await closeServer(server);
      await Promise.all([sqs, dynamoDb, secretsManager].map((each) => each.close()));
    },
  };
}

let logsDir: string;
let server: Awaited<ReturnType<typeof startServer>>;
beforeEach(async () => {
  logsDir = await mkdtemp(join(tmpdir(), 'own-endpoint-'));
  server = await startServer();
});
afterEach(async () => {
  await server.close();
  await rm(logsDir, { recursive: true });
});

describe("a server of the user's own in place of AWS", () => {
  it('serves a message with AWS_ENDPOINT_URL alone, in the account that STS names', async () => {
    const stack = await startStack({ logsDir, env: { AWS_ENDPOINT_URL: server.url } });
    try {
      server.setSecrets({ 'local-tenant': simulatorSecret(stack.simUrl) });
      expect(stack.settings.replay_machine_arn).toContain(`:states:us-east-1:${account}:`);
      const redrives = server.called('CreateQueue').filter(({ body }) => body.includes('Redrive'));
      expect(redrives.length).toBeGreaterThan(0);
      for (const { body } of redrives) expect(body).toContain(`:sqs:us-east-1:${account}:`);

      const { guid, status } = await connector(stack).post('TO:+12025550123;Through your server');
      expect(status).toBe(202);
      expect(await connector(stack).outcome(guid)).toMatchObject({ kind: 'sent' });
    } finally {
      await stack.close();
    }
  });

  it('gets the state machine, and its new definition where it has one of that name', async () => {
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ENDPOINT_URL_SFN: server.url };
    for (const start of ['first', 'second']) {
      const stack = await startStack({ logsDir: join(logsDir, start), env });
      expect(stack.awsEnv.AWS_ENDPOINT_URL_SFN).toBe(server.url);
      await stack.close();
    }
    const created = server.called('CreateStateMachine').map(({ body }) => JSON.parse(body));
    const { definition, roleArn } = created[0];
    expect(roleArn).toMatch(new RegExp(`^arn:aws:iam::${account}:role/`));
    expect(definition).toContain(`arn:aws:lambda:us-east-1:${account}:function:`);
    expect(definition).not.toContain('${');
    const updated = server.called('UpdateStateMachine').map(({ body }) => JSON.parse(body));
    // Each start tries to create them; the second finds them there.
    const machines = [...new Map(created.map((machine) => [machine.name, machine])).values()];
    expect(updated).toHaveLength(machines.length);
    expect(updated).toEqual(
      expect.arrayContaining(
        machines.map((machine) => ({
          stateMachineArn: expect.stringContaining(`:${account}:stateMachine:${machine.name}`),
          definition: machine.definition,
          roleArn: machine.roleArn,
        })),
      ),
    );
  });
});

describe('the account', () => {
  const account = (env: Record<string, string>) => accountOf(env, credentialsOf(env));

  it('is taken from AWS_ACCOUNT_ID without asking STS', async () => {
    const env = { AWS_ENDPOINT_URL: server.url, AWS_ACCOUNT_ID: '210987654321' };
    expect(await account(env)).toBe('210987654321');
    expect(server.calls).toEqual([]);
  });

  it.each([
    ['with emulators alone, whatever the shell says', { AWS_ACCOUNT_ID: '210987654321' }],
    ['with an endpoint for one service', { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9' }],
  ])('is the one of the emulators %s', async (_when, env) => {
    expect(await account(env)).toBe('000000000000');
  });

  it.each([
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_ACCOUNT_ID: '12' }, /12 digits.*"12"/],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, /^STS at .* set AWS_ACCOUNT_ID to it\.$/],
  ])('that cannot be known is said in a sentence: %o', async (env, sentence) => {
    const refused = account(env);
    await expect(refused).rejects.toBeInstanceOf(AccountError);
    await expect(refused).rejects.toThrow(sentence);
  });
});
