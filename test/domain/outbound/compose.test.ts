import { describe, expect, it } from 'vitest';
import { composeRequest } from '../../../domain/outbound/compose.ts';
import type { OutboundEvent } from '../../../domain/outbound/event.ts';
import { messageRequestSchema } from '../../../domain/outbound/message-request.ts';
import type { ProviderId } from '../../../domain/provider-id.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { senderSettings, type WrittenSenders } from '../../builders/sender-settings.ts';

const event: OutboundEvent = {
  guid: 'g-1',
  tenantId: 'tenant-a',
  identityId: 'i-1',
  generatedAt: BUILT_AT - 2_000,
  creative: '',
  isControlGroup: false,
  eventName: 'Send',
  externalCode: 'TSK_202',
  responseTrackingCode: 'rtc-1',
  taskId: 'task-1',
};
const settings: WrittenSenders = {
  default_sender: '+12025550100',
  scg_default_sender: 'sender_id:default',
  scg_demo_senders: {},
  defaultCountry: 'US',
};
const compose = (
  creative: string,
  provider: ProviderId = 'twilio',
  overrides: WrittenSenders & Partial<OutboundEvent> = {},
) =>
  composeRequest(
    { ...event, ...overrides, creative },
    provider,
    senderSettings({ ...settings, ...overrides }),
    BUILT_AT,
  );

const A = 'https://x.example/a.jpg';

describe('the message request', () => {
  it('is whole and fits its schema', () => {
    const composed = compose(`TO:(202) 555-0123;MEDIA_URLS:${A};Hi`);
    if (composed.kind !== 'request') throw new Error('not composed');
    expect(messageRequestSchema.parse(composed.request)).toEqual({
      v: 1,
      guid: 'g-1',
      tenantId: 'tenant-a',
      provider: 'twilio',
      channel: 'MMS',
      to: '+12025550123',
      country: 'US',
      from: '+12025550100',
      fromSource: 'default',
      body: 'Hi',
      mediaUrls: [A],
      identityId: 'i-1',
      externalCode: 'TSK_202',
      responseTrackingCode: 'rtc-1',
      taskId: 'task-1',
      eventName: 'Send',
      generatedAt: BUILT_AT - 2_000,
      acceptedAt: BUILT_AT,
    });
  });

  it.each([
    ['SMS', 'TO:2025550123;Hi'],
    ['SMS', 'TO:2025550123;CHANNEL:sms;Hi'],
    ['MMS', 'TO:2025550123;CHANNEL:MMS;Hi'],
    ['MMS', `TO:2025550123;CHANNEL:SMS;MEDIA_URLS:${A};Hi`],
    ['WHATSAPP', `TO:2025550123;CHANNEL:WhatsApp;MEDIA_URLS:${A};Hi`],
    ['WHATSAPP', 'TO:whatsapp:+12025550123;Hi'],
    ['WHATSAPP', 'TO:2025550123;FROM:whatsapp:+12025550100;Hi'],
    ['FACEBOOK', 'TO:messenger:12345;Hi'],
  ])('goes by %s for %s', (channel, creative) => {
    expect(compose(creative)).toMatchObject({ kind: 'request', request: { channel } });
  });

  it('goes to a number in the form in which it is given', () => {
    expect(compose('TO:whatsapp:+5215512345678;Hi')).toMatchObject({
      kind: 'request',
      request: { to: '+5215512345678' },
    });
  });

  it('goes to the bare id of a person, as they answer from it', () => {
    expect(compose('TO:messenger:12345;Hi')).toMatchObject({ request: { to: '12345' } });
  });

  it('may have media and no body', () => {
    expect(compose(`TO:2025550123;MEDIA_URLS:${A};`)).toMatchObject({ request: { body: '' } });
  });

  it('takes 1600 characters for Twilio, emoji among them, and more for SCG', () => {
    expect(compose(`TO:2025550123;${'🎉'.repeat(1600)}`).kind).toBe('request');
    expect(compose(`TO:2025550123;${'a'.repeat(1601)}`, 'scg').kind).toBe('request');
  });

  it('is no newer than the moment it was accepted, so that it grows old', () => {
    expect(compose('TO:2025550123;Hi', 'twilio', { generatedAt: BUILT_AT + 1e9 })).toMatchObject({
      request: { generatedAt: BUILT_AT },
    });
  });
});

describe('a creative that cannot be sent', () => {
  it.each([
    ['no TO', 'Hello', 'TO', 'is missing'],
    ['no body', 'TO:2025550123;', 'body', 'is missing'],
    ['a body of blanks', 'TO:2025550123; \n ', 'body', 'is missing'],
    ['a TO that is no number', 'TO:12;Hi', 'TO', '… is not a telephone number that SMS can reach'],
    [
      'a FROM that is no sender',
      'TO:2025550123;FROM:+1202;Hi',
      'FROM',
      '…02 is not a number, short code, sender name or sender id',
    ],
    [
      'a FROM of another channel',
      'TO:2025550123;CHANNEL:SMS;FROM:wa:+12025550100;Hi',
      'FROM',
      'is a sender of WHATSAPP, not of SMS',
    ],
    [
      'an unknown CHANNEL',
      'TO:2025550123;CHANNEL:PIGEON;Hi',
      'CHANNEL',
      'is none of SMS, MMS, WHATSAPP, WECHAT, RCS, FACEBOOK',
    ],
    [
      'a CHANNEL the provider lacks',
      'TO:2025550123;CHANNEL:RCS;Hi',
      'CHANNEL',
      'RCS is not available through twilio',
    ],
    [
      'a body too long',
      `TO:2025550123;${'a'.repeat(1601)}`,
      'body',
      'is longer than 1600 characters',
    ],
    [
      'more than ten media',
      `TO:2025550123;MEDIA_URLS:${`${A} `.repeat(11)};Hi`,
      'MEDIA_URLS',
      'names more than 10 media',
    ],
    [
      'media without https',
      `TO:2025550123;MEDIA_URLS:${A},http://x.example/b.jpg;Hi`,
      'MEDIA_URLS',
      'URL 2 is not an https URL',
    ],
    [
      'media that are no URL',
      'TO:2025550123;MEDIA_URLS:a.jpg;Hi',
      'MEDIA_URLS',
      'URL 1 is not an https URL',
    ],
    [
      'a broken JSON object',
      '{"to":',
      'impression.creativeContent',
      "starts with '{' and is not a JSON object",
    ],
  ])('for %s says so', (_name, creative, field, issue) => {
    expect(compose(creative)).toEqual({ kind: 'invalid', issues: [{ field, issue }] });
  });

  it('says what is wrong everywhere at once', () => {
    const composed = compose('TO:12;TO:13;CHANNEL:x;MEDIA_URLS:b;', 'twilio', {
      default_sender: undefined,
    });
    if (composed.kind !== 'invalid') throw new Error('composed');
    expect(composed.issues.map(({ field }) => field)).toEqual([
      'TO',
      'CHANNEL',
      'FROM',
      'MEDIA_URLS',
    ]);
  });

  it('names the provider that has no default sender', () => {
    expect(compose('TO:2025550123;Hi', 'scg', { scg_default_sender: undefined })).toEqual({
      kind: 'invalid',
      issues: [{ field: 'FROM', issue: 'is missing, and scg has no default sender' }],
    });
  });

  it.each(['{Hello', '{Hello}', '{"richCard":}', ' {1,2} '])(
    'is refused where an RCS body stands between braces and is no JSON object: %s',
    (body) => {
      const composed = compose(`TO:+12025550123;CHANNEL:RCS;${body}`, 'scg');
      const issue = "stands between '{' and '}' and is not a JSON object";
      expect(composed).toMatchObject(
        body.trim().endsWith('}')
          ? { kind: 'invalid', issues: [{ field: 'body', issue }] }
          : { kind: 'request' },
      );
    },
  );

  it('keeps a rich card of RCS as it is', () => {
    const card = '{"richCard":{"text":"a;b"}}';
    expect(compose(`TO:+12025550123;CHANNEL:RCS;${card}`, 'scg')).toMatchObject({
      request: { body: card },
    });
  });

  it.each([
    ['in a text', 'TO:+12025550123;PRIORITY: High;Hi'],
    ['in JSON', '{"to":"+12025550123","priority":"high","body":"Hi"}'],
  ])('has the priority that its creative asks for %s', (_case, creative) => {
    expect(compose(creative)).toMatchObject({ request: { priority: 'high', body: 'Hi' } });
  });

  it('says nothing of priority where it has none', () => {
    const composed = compose('TO:+12025550123;PRIORITY:normal;Hi');
    expect(composed.kind === 'request' && Object.keys(composed.request)).not.toContain('priority');
  });

  it.each([
    ['in a text', 'TO:+12025550123;PRIORITY:urgent;Hi'],
    ['in JSON', '{"to":"+12025550123","priority":"urgent","body":"Hi"}'],
  ])('is refused for a priority that there is not, %s', (_case, creative) => {
    expect(compose(creative)).toMatchObject({ issues: [{ field: 'PRIORITY' }] });
  });

  it('follows creative_unknown_fields', () => {
    const creative = 'TO:+12025550123;CHANEL:MMS;Hi';
    expect(compose(creative)).toMatchObject({ issues: [{ field: 'CHANEL' }] });
    const asText = { ...senderSettings(settings), creative_unknown_fields: 'text' } as const;
    expect(composeRequest({ ...event, creative }, 'twilio', asText, BUILT_AT)).toMatchObject({
      request: { body: 'CHANEL:MMS;Hi' },
    });
  });
});

describe('a template', () => {
  const TO = '+12025550123';
  const start = `TO:${TO};CHANNEL:WHATSAPP;TEMPLATE:spring_sale;`;

  it('is a request of its own version, with or without a body for open windows', () => {
    expect(compose(`${start}LANGUAGE:en;VAR_1:Ben;VAR_2:3  May\tat 9;`)).toMatchObject({
      kind: 'request',
      request: {
        v: 2,
        body: '',
        template: {
          template: 'spring_sale',
          language: 'en',
          variables: { '1': 'Ben', '2': '3  May at 9' },
        },
      },
    });
    expect(compose(`${start}BODY:Hi`)).toMatchObject({ request: { v: 2, body: 'Hi' } });
    expect(compose(`TO:${TO};Hi`)).toMatchObject({ request: { v: 1 } });
  });

  it.each([
    ['VAR_1:x;Hi', 'VAR_1 is given without TEMPLATE'],
    ['LANGUAGE:en;Hi', 'LANGUAGE is given without TEMPLATE'],
    ['TEMPLATE:a;BODY:Hi', 'body cannot be sent together with TEMPLATE on SMS'],
    [
      'TEMPLATE:a;MEDIA_URLS:https://x.example/a.jpg;',
      'MEDIA_URLS cannot be sent with TEMPLATE, which has its own media',
    ],
    [
      'TEMPLATE:HX123456789012345678901234567890;',
      'TEMPLATE is no content id: HX and 32 hexadecimal digits',
    ],
    ['TEMPLATE:a;LANGUAGE:English;', 'LANGUAGE is not a language such as en or pt_BR'],
    ['TEMPLATE:a;VAR_1:;', 'VAR_1 is empty, and a template needs a value for each variable'],
  ])('is refused: %s', (rest, issue) => {
    const composed = compose(`TO:${TO};${rest}`);
    const issues = composed.kind === 'invalid' ? composed.issues : [];
    expect(issues.map((one) => `${one.field} ${one.issue}`)).toContain(issue);
  });

  it('has no line break in a variable on WhatsApp', () => {
    const creative = JSON.stringify({
      to: TO,
      channel: 'WHATSAPP',
      template: 'a',
      variables: { '1': 'one\ntwo' },
    });
    expect(compose(creative)).toMatchObject({
      issues: [{ field: 'VAR_1', issue: expect.stringContaining('has a line break') }],
    });
  });

  it('is not for providers without templates', () => {
    expect(compose(start, 'scg')).toMatchObject({
      issues: expect.arrayContaining([
        { field: 'TEMPLATE', issue: 'is not available through scg' },
      ]),
    });
  });
});
