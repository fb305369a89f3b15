import './described.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY } from '../../domain/clock.ts';
import { messagesAtProviders } from '../../local/demo/outcomes.ts';
import { startSqs } from '../../local/emulators/sqs.ts';
import { simulatorSecret } from '../../local/simulators/credentials.ts';
import { type Stack, type StackOptions, startStack } from '../../local/stack.ts';
import { connector } from './connector.ts';

let directory: string;
const stacks: Stack[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stack-'));
});
afterEach(async () => {
  await Promise.all(stacks.splice(0).map((stack) => stack.close()));
  await rm(directory, { recursive: true });
});

async function aStack(options: StackOptions = {}) {
  const stack = await startStack({ logsDir: join(directory, 'logs'), ...options });
  stacks.push(stack);
  return stack;
}

describe('a stack', () => {
  it('with a data directory takes up after a restart what it had accepted before', async () => {
    const dataDir = join(directory, 'data');
    const before = await aStack({ dataDir, eventSources: false });
    const { guid, status } = await connector(before).post('TO:+12025550123;Kept');
    expect(status).toBe(202);
    await before.close();

    const after = await aStack({ dataDir });
    expect(await connector(after).outcome(guid)).toMatchObject({ kind: 'sent' });
    expect(messagesAtProviders(after).get(`local-tenant#${guid}`)).toBe(1);
    await after.close();

    const third = await aStack({ dataDir });
    await connector(third).post('TO:+12025550123;Kept', { guid });
    const { guid: next } = await connector(third).post('TO:+12025550124;Next');
    await connector(third).outcome(next);
    expect(messagesAtProviders(third).get(`local-tenant#${guid}`)).toBe(1);
  });

  it('is apart from another one in the same process', async () => {
    const [one, two] = await Promise.all([aStack(), aStack({ tenants: ['other-tenant'] })]);
    const { guid } = await connector(one).post('TO:+12025550123;To one');
    await connector(one).outcome(guid);
    expect(one.simulators.twilio.messages()).toHaveLength(1);
    expect(two.simulators.twilio.messages()).toHaveLength(0);
  });

  it("uses an endpoint of the user's own in place of an emulator", async () => {
    const own = await startSqs({});
    try {
      const stack = await aStack({ env: { AWS_ENDPOINT_URL_SQS: own.url } });
      expect(stack.awsEnv.AWS_ENDPOINT_URL_SQS).toBe(own.url);
      expect(stack.settings.outbound_queue_url).toContain(own.url);
      const { guid } = await connector(stack).post('TO:+12025550123;Through your queue');
      expect(await connector(stack).outcome(guid)).toMatchObject({ kind: 'sent' });
      await stack.close();
      stacks.pop();
    } finally {
      await own.close();
    }
  });

  it('sends with a token that was rotated, without a restart', async () => {
    let secrets = {};
    const stack = await aStack({ secrets: async () => secrets });
    const rotate = (twilio_auth_token: string) => {
      secrets = { 'local-tenant': { ...simulatorSecret(stack.simUrl), twilio_auth_token } };
      stack.simulators.setSecrets(secrets);
    };
    rotate('the-old-token');
    const before = await connector(stack).post('TO:+12025550123;Before');
    expect(await connector(stack).outcome(before.guid)).toMatchObject({ kind: 'sent' });
    rotate('the-new-token');
    const after = await connector(stack).post('TO:+12025550124;After');
    expect(await connector(stack).outcome(after.guid)).toMatchObject({ kind: 'sent' });
  });

  it('tells the simulated companies of changed secrets', async () => {
    let secrets = {};
    const stack = await aStack({ secrets: async () => secrets });
    const account = simulatorSecret(stack.simUrl, 'newcomer');
    const ask = () =>
      fetch(
        `${stack.simUrl}/twilio/2010-04-01/Accounts/${account.twilio_account_sid}/Messages.json`,
        {
          headers: {
            authorization: `Basic ${btoa(`${account.twilio_account_sid}:${account.twilio_auth_token}`)}`,
          },
        },
      );
    expect((await ask()).status).toBe(401);
    secrets = { newcomer: account };
    await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(200);
  });

  it('takes settings, and answers what they cannot be in a log and a 500', async () => {
    const stack = await aStack({ settings: { event_ttl: '0' } });
    const longAgo = Date.now() - 1000 * DAY;
    const old = await connector(stack).post('TO:+12025550123;Old', { generatedAt: longAgo });
    expect(old.status).toBe(202);
    const broken = await aStack({ settings: { event_ttl: 'a day' } });
    const { status } = await connector(broken).post('TO:+12025550123;Hi');
    expect(status).toBe(500);
  });

  it('leaves nothing listening when it cannot start', async () => {
    const first = await aStack();
    const port = Number(new URL(first.simUrl).port);
    await expect(startStack({ simPort: port })).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  });
});
