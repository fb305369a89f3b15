import { describe, expect, it } from 'vitest';
import {
  ConfigError,
  configShape,
  isSetting,
  readConfig,
  readSettings,
} from '../../../handlers/runtime/config.ts';
import { anEnvironment } from '../../builders/config.ts';

const everySetting = Object.keys(configShape).filter(isSetting);
const readAll = (env: Readonly<Record<string, string>>) => readSettings(everySetting, env);

const failure = (env: Readonly<Record<string, string>>): string => {
  try {
    readAll(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'read';
};

describe('the configuration', () => {
  it('has defaults for all but the names of its parts', () => {
    expect(readAll(anEnvironment())).toMatchObject({
      event_ttl: 86_400,
      scg_demo_senders: {},
      unknown_policy: 'resend',
    });
    expect(readAll(anEnvironment()).default_sender).toBeUndefined();
  });

  it('reads numbers, words and maps', () => {
    const env = anEnvironment({
      event_ttl: '0',
      unknown_policy: 'park',
      scg_demo_senders: '{"1":"channel:us"}',
      default_country: 'GB',
    });
    expect(readAll(env)).toMatchObject({
      event_ttl: 0,
      unknown_policy: 'park',
      scg_demo_senders: { '1': 'channel:us' },
      default_country: 'GB',
    });
  });

  it.each(['true', 'True', 'TRUE', ' true '])('reads the flag %j in any case', (flag) => {
    expect(readAll(anEnvironment({ scg_mo_body_uppercase: flag }))).toMatchObject({
      scg_mo_body_uppercase: true,
    });
  });

  it('drops white space around a value', () => {
    const env = anEnvironment({ twilio_mo_event: ' sms_reply ', default_country: 'US\n' });
    expect(readAll(env)).toMatchObject({ twilio_mo_event: 'sms_reply', default_country: 'US' });
  });

  it.each(['', ' '])('takes the blank value %j as not set', (blank) => {
    const config = readAll(
      anEnvironment({ event_ttl: blank, default_sender: blank, identity_field: blank }),
    );
    expect(config.identity_field).toBe('');
    expect(config.event_ttl).toBe(86_400);
    expect(config.default_sender).toBeUndefined();
  });

  it('leaves the variables of others alone', () => {
    const env = anEnvironment({
      PATH: '/bin',
      AWS_REGION: 'us-east-1',
      _X_AMZN_TRACE_ID: 'Root=1',
      npm_config_cache: '/tmp',
      https_proxy: 'http://127.0.0.1:9',
      home: '/',
    });
    expect(readAll(env).event_ttl).toBe(86_400);
  });

  it('takes the slash off the public URL, so that paths can be put after it', () => {
    const env = anEnvironment({ public_url: 'https://connector.example/base/' });
    expect(readAll(env).public_url).toBe('https://connector.example/base');
  });
});

describe('a wrong configuration', () => {
  it.each([
    ['a missing key', { outbound_queue_url: '' }, 'outbound_queue_url is not set'],
    ['an unknown key', { event_tll: '60' }, 'event_tll is not a setting; did you mean event_ttl?'],
    ['a key like none of ours', { zebra_count: '3' }, 'zebra_count is not a setting.'],
    ['a key named after a part of objects', { to_string: 'x' }, 'to_string is not a setting'],
    [
      'a flag that is neither',
      { scg_mo_body_uppercase: 'yes' },
      'scg_mo_body_uppercase: is true or',
    ],
    ['text for a number', { event_ttl: 'soon' }, 'event_ttl: '],
    ['a fraction', { max_attempts: '1.5' }, 'max_attempts: '],
    ['a number too small', { max_attempts: '0' }, 'max_attempts: '],
    ['a number too large', { worker_concurrency: '1001' }, 'worker_concurrency: '],
    ['an unknown word', { unknown_policy: 'hope' }, 'unknown_policy: '],
    ['a map that is not JSON', { scg_demo_senders: '{1' }, 'scg_demo_senders: is not JSON'],
    ['a map of the wrong things', { scg_demo_senders: '{"1":2}' }, 'scg_demo_senders.1: '],
    ['a list for a map', { scg_demo_senders: '[]' }, 'scg_demo_senders: '],
    [
      'an attribute that no event has',
      { event_attributes: 'externalCode,colour' },
      'event_attributes.1: ',
    ],
    ['a country in words', { default_country: 'usa' }, 'default_country: is a two-letter country'],
    ['a URL that is none', { public_url: 'connector' }, 'public_url: '],
  ])('with %s is refused by name', (_name, wrong, sentence) => {
    expect(failure(anEnvironment(wrong))).toContain(sentence);
  });

  it('names everything that is wrong at once', () => {
    const message = failure(anEnvironment({ event_ttl: 'x', max_attempts: 'y', public_ulr: 'z' }));
    for (const key of ['event_ttl', 'max_attempts', 'public_ulr']) expect(message).toContain(key);
  });

  it('is described without its values', () => {
    const secret = 'not-for-the-log';
    expect(failure(anEnvironment({ event_ttl: secret, public_url: secret }))).not.toContain(secret);
  });
});

describe('the configuration of one function', () => {
  it('is what it reads, and nothing else', () => {
    const config = readConfig('dead-letter', anEnvironment({ default_sender: '+12025550100' }));
    expect(Object.keys(config).sort()).toEqual(
      [
        'ci360_events_dlq_url',
        'db_deliveries_table',
        'db_failed_requests_table',
        'db_opt_outs_table',
        'failed_request_ttl',
        'learned_opt_out_ttl',
        'outbound_dlq_url',
        'outbound_lanes_dlq_url',
      ].sort(),
    );
  });

  it('does not stop over a setting that it never reads', () => {
    expect(() => readConfig('ingress', anEnvironment({ lease_seconds: 'x' }))).not.toThrow();
    expect(() => readConfig('worker', anEnvironment({ lease_seconds: 'x' }))).toThrow(ConfigError);
  });

  it('stops over a key that nobody reads', () => {
    expect(() => readConfig('health', { defualt_sender: '+1' })).toThrow(
      'defualt_sender is not a setting; did you mean default_sender?',
    );
  });
});
