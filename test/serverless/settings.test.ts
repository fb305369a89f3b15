import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longSettings } from '../../handlers/runtime/function-settings.ts';
import { settingsIn } from '../../local/settings.ts';
import { serviceDir, startStack } from '../../local/stack.ts';
import { compileTemplate } from '../../local/template/compile.ts';
import { resolverOf } from '../../local/template/intrinsics.ts';
import { functionsOf } from '../../local/template/resources.ts';
import { problemsWith, settableShape } from '../../serverless/check-settings.ts';
import { readServerless } from '../builders/serverless.ts';

const { params, custom } = readServerless();
const derived = Object.keys(custom.resourceSettings);
const check = (given: Readonly<Record<string, unknown>>, stage = 'prod') =>
  problemsWith(
    { ...params.default, ...(stage === 'local' ? params.local : {}), ...given },
    stage,
    derived,
  );

describe('the settings of a stage', () => {
  it('are fine as they come, for a deployment and for the embedded stack', () => {
    expect(check({})).toEqual([]);
    expect(check({}, 'local')).toEqual([]);
  });

  it.each([
    [
      'an unknown name',
      { defualt_sender: '+1' },
      'defualt_sender is not a setting; did you mean default_sender?',
    ],
    [
      'a name that the deployment fills in',
      { outbound_queue_url: 'x' },
      'outbound_queue_url is not a setting',
    ],
    ['text for a number', { event_ttl: 'abc' }, 'event_ttl: is a whole number of at least 0'],
    [
      'a country without telephones',
      { default_country: 'AQ' },
      'default_country: is not a country that has telephone numbers',
    ],
    [
      'a sender that Twilio does not have',
      { default_sender: 'channel:main' },
      'default_sender: is a sender of scg, not of twilio',
    ],
    [
      'a sender that SCG does not have',
      { scg_default_sender: `MG${'0'.repeat(32)}` },
      'scg_default_sender: is a Messaging Service of twilio, not a sender of scg',
    ],
    [
      'a sender by country that SCG does not have',
      { scg_demo_senders: `{"1":"MG${'0'.repeat(32)}"}` },
      'scg_demo_senders: is a Messaging Service of twilio, not a sender of scg',
    ],
    [
      'an address too long for a callback URL',
      { public_url: `https://example.com/${'a'.repeat(1005)}` },
      'public_url: is longer than 1,024 characters',
    ],
    [
      'a batch that SQS does not give',
      { worker_batch_size: 11 },
      'worker_batch_size: is a whole number from 1 to 10',
    ],
    [
      'days that CloudWatch does not know',
      { log_retention_days: 31 },
      'log_retention_days: is a number of days',
    ],
    [
      'a rate in the wrong number',
      { reconcile_rate: '1 minutes' },
      'reconcile_rate: is a rate such as',
    ],
    ['a short grace', { in_doubt_grace: 1 }, 'in_doubt_grace must be at least 30'],
    ['a short lease', { lease_seconds: 10 }, 'lease_seconds must be more than worker_timeout'],
    [
      'a provider who may take all the time there is',
      { provider_timeout: 60_000 },
      'worker_timeout must be more than',
    ],
    [
      'a queue that drops what waits',
      { outbound_max_receive_count: 1000 },
      'must be less than 14 days',
    ],
    [
      'a queue that forgets a message first',
      { retry_max_seconds: 10 },
      'must be at least event_ttl',
    ],
    [
      'a short memory for duplicates',
      { delivery_ttl: 86_400 },
      'delivery_ttl must be more than 28 days',
    ],
  ])('with %s are refused by name', (_what, wrong, sentence) => {
    expect(check(wrong)).toContainEqual(expect.stringContaining(sentence));
  });

  it('are judged with the stage’s own on top, so one that fits alone is refused where it does not fit', () => {
    expect(check({ worker_timeout: 120 })).toContainEqual(expect.stringContaining('lease_seconds'));
    expect(
      check({ worker_timeout: 120, lease_seconds: 150, outbound_visibility_timeout: 720 }),
    ).toEqual([]);
  });
});

describe('serverless package', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'settings-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('stops before it packages anything, and names everything that is wrong at once', async () => {
    const given = ['defualt_sender=+12025550100', 'event_ttl=abc', 'scg_mo_body_uppercase=perhaps'];
    const packaged = promisify(execFile)(
      'npx',
      [
        'serverless',
        'package',
        ...['--stage', 'prod', '--package', folder],
        ...given.flatMap((param) => ['--param', param]),
      ],
      { env: { PATH: process.env.PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' } },
    );
    const refusal = await packaged.then(
      () => 'packaged',
      (error: unknown) => JSON.stringify(error),
    );
    for (const part of [
      'defualt_sender is not a setting; did you mean default_sender?',
      'event_ttl: is a whole number',
      'scg_mo_body_uppercase: is true or false',
    ]) {
      expect(refusal).toContain(part);
    }
  }, 60_000);
});

describe('npm start', () => {
  it('takes settings from variables of their names, and none of a shell’s own', () => {
    expect(
      settingsIn({
        event_ttl: '600',
        worker_maximum_concurrency: '4',
        event_tll: '1',
        tenant_id: ' ',
        http_proxy: 'http://127.0.0.1:9',
        npm_config_cache: '/tmp',
        PATH: '/bin',
      }),
    ).toEqual({ event_ttl: '600', worker_maximum_concurrency: '4', event_tll: '1' });
  });

  it('is refused with the same sentences', async () => {
    await expect(startStack({ params: { event_tll: '600', lease_seconds: 'x' } })).rejects.toThrow(
      /event_tll is not a setting; did you mean event_ttl\?[\s\S]*lease_seconds: is a whole number/,
    );
  }, 60_000);
});

describe('the environment of a function', () => {
  const long = (length: number) => 'x'.repeat(length);
  /** Every setting as long as it may be, or as long as anyone would make it. */
  const values: Readonly<Record<string, string>> = {
    ...Object.fromEntries(
      Object.entries(settableShape(derived)).flatMap(([key, shape]) =>
        shape.safeParse(long(128)).success ? [[key, long(128)]] : [],
      ),
    ),
    public_url: `https://${long(60)}.example/${long(60)}`,
    twilio_auto_reply: long(1600),
    flex_allowed_origins: long(1024),
    scg_demo_senders: JSON.stringify(
      Object.fromEntries(Array.from({ length: 250 }, (_, i) => [String(i), 'sender_id:x'])),
    ),
    event_attribute_names: JSON.stringify({ [long(400)]: long(400) }),
  };

  it('stays far below the 4 KB of Lambda with every setting at a long value', async () => {
    const template = await compileTemplate(serviceDir, 'a-stage-of-20-letter', values);
    const functions = functionsOf(
      resolverOf(template, {
        api: `https://${long(10)}.execute-api.ap-southeast-1.amazonaws.com`,
        queueUrl: (name) => `https://sqs.ap-southeast-1.amazonaws.com/123456789012/${name}`,
      }),
    );
    expect(functions.length).toBeGreaterThan(10);
    for (const { key, environment } of functions) {
      expect(JSON.stringify(environment).length, key).toBeLessThan(3800);
      expect(Object.keys(environment).filter((name) => longSettings.includes(name))).toEqual([]);
    }
    expect(Object.keys(values).length).toBeGreaterThan(25);
  }, 60_000);
});
