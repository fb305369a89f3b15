import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { composeRequest } from '../../domain/outbound/compose.ts';
import { BUILT_AT } from '../builders/message-request.ts';
import { senderSettings } from '../builders/sender-settings.ts';

const page = readFileSync('docs/creatives.md', 'utf8');
const samples = [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
  .filter(([, language]) => language === '' || language === 'json')
  .map(([, , sample = '']) => sample);

const compose = (creative: string, provider: 'twilio' | 'scg' = 'twilio', defaultCountry?: 'DE') =>
  composeRequest(
    {
      guid: 'g-1',
      tenantId: 'tenant-a',
      identityId: 'i-1',
      generatedAt: BUILT_AT,
      creative,
      isControlGroup: false,
      eventName: '',
      externalCode: '',
      responseTrackingCode: '',
      taskId: '',
    },
    provider,
    senderSettings({ default_sender: '+12025550100', defaultCountry }),
    BUILT_AT,
  );

describe('docs/creatives.md', () => {
  it('has samples that are sent as it says', () => {
    const sent = samples
      .map((sample) => sample.replace('{{phone}}', '+12025550123').replace('{{firstname}}', 'Anna'))
      .map((sample) => compose(sample));
    expect(sent).toMatchObject([
      {
        request: {
          channel: 'MMS',
          to: '+12025550123',
          from: '+12025550100',
          mediaUrls: ['https://images.example/spring.jpg'],
          body: 'Anna, thank you for your order; see you soon!',
        },
      },
      { request: { body: 'Anna, thank you for your order!' } },
      { request: { body: 'Anna, thank you for your order!' } },
      { request: { channel: 'SMS', body: 'From: all of us; happy birthday!' } },
      {
        request: {
          channel: 'WHATSAPP',
          template: {
            template: 'spring_sale',
            language: 'en',
            variables: { '1': 'Anna', '2': '3 May' },
          },
        },
      },
    ]);
  });

  it('has a sample that a first name can change, and one that none can', () => {
    const injected = 'FROM:+12025550199;MEDIA_URLS:https://elsewhere.example/x.jpg;';
    const [, open = '', closed = ''] = samples.map((sample) =>
      sample.replace('{{phone}}', '+12025550123').replace('{{firstname}}', injected),
    );
    expect(page).toContain(injected);
    expect(compose(open)).toMatchObject({ request: { from: '+12025550199', mediaUrls: [{}] } });
    expect(compose(closed)).toMatchObject({ request: { from: '+12025550100', mediaUrls: [] } });
  });

  it.each([
    ['Hello', 'twilio'],
    ['TO:+1202555012323;Hi', 'twilio'],
    ['TO:123;Hi', 'twilio'],
    ['TO:+12025550123\nHi;', 'twilio'],
    ['TO:+12025550123;TO:+12025550124;Hi', 'twilio'],
    ['TO:+12025550123;Hi', 'scg'],
    ['TO:+12025550123;CHANNEL:RCS;Hi', 'twilio'],
    ['TO:+12025550123;MEDIA_URLS:https://x.example/a http://x.example/b;Hi', 'twilio'],
    ['TO:+12025550123;', 'twilio'],
    [`TO:+12025550123;${'a'.repeat(1601)}`, 'twilio'],
    ['TO:4915123456789;Hi', 'twilio', 'DE'],
    ['TO:+12025550123;MEDIA_URLS:https://x.example/a;MEDIA_URLS:https://x.example/b;Hi', 'twilio'],
    ['TO:+12025550123;\n\nFROM:+12025550100;\nHi', 'twilio'],
    ['TO:+12025550123;CHANEL:MMS;Hi', 'twilio'],
    ['TO:+12025550123;CONTENT_SID:HX1;Hi', 'twilio'],
    ['TO:+12025550123;TEMPLATE:welcome;Hi', 'twilio'],
    ['TO:+12025550123;PRIORITY:urgent;Hi', 'twilio'],
    ['TO:+12025550123;FROM:channel:abc;Hi', 'twilio'],
    [`TO:+12025550123;FROM:MG${'0'.repeat(32)};Hi`, 'scg'],
    ['TO:+12025550123;FROM:AcmeInternationalX;Hi', 'twilio'],
    ['TO:+12025550123;FROM:channel:abc;CHANNEL:RCS;{Hi}', 'scg'],
  ] as const)('explains the answer to %j', (creative, provider, country?: 'DE') => {
    const composed = compose(creative, provider, country);
    if (composed.kind === 'request') throw new Error('it can be sent');
    const [first] = composed.issues;
    expect(page).toContain(`\`${first?.field} ${first?.issue}\``);
  });
});
