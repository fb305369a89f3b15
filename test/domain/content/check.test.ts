import { describe, expect, it } from 'vitest';
import { type CheckSettings, checkCreative, type ToCheck } from '../../../domain/content/check.ts';
import type { ContentSettings } from '../../../domain/content/prepare.ts';
import { mentionsOptOut } from '../../../domain/opt-outs/mentions.ts';
import { providerRules } from '../../../providers/registry.ts';
import { senderSettings } from '../../builders/sender-settings.ts';

const settings = {
  compose: senderSettings({ default_sender: '+12025550100' }),
  content: {
    providers: providerRules,
    encoding: 'keep',
    max_segments: 0,
    refuse_unmerged: false,
    scg_directives: 'escape',
  },
  prices: { US: { SMS: 0.0079, MMS: 0.02 }, '*': { SMS: 0.06 } },
  mentionsOptOut,
} satisfies CheckSettings;

function check(
  creative: string,
  samples: ToCheck['samples'] = [],
  content: Partial<ContentSettings> = {},
) {
  const toCheck = {
    provider: 'twilio',
    tenantId: 'tenant-a',
    creative,
    samples,
  } as const;
  return checkCreative(toCheck, { ...settings, content: { ...settings.content, ...content } }, 0);
}
const warningsOf = (text: string) =>
  check(`TO:+12025550123;BODY:${text}`).warnings.map(({ issue }) => issue);

describe('a creative', () => {
  it('becomes a message for each sample', () => {
    const found = check('TO:{{phone}};BODY:Hi {{ firstname }}, reply STOP to end', [
      { phone: '+12025550123', firstname: 'Ben' },
      { phone: '+12025550124', firstname: 'B'.repeat(160) },
    ]);
    expect(found).toMatchObject({
      messages: 2,
      first: {
        request: { channel: 'SMS', to: '+12025550123', body: 'Hi Ben, reply STOP to end' },
        channelSource: 'default',
      },
      segments: { min: 1, max: 2 },
      encoding: 'GSM-7',
      price: { min: 0.0079, max: 0.0158 },
      errors: [],
      warnings: [],
    });
  });

  it('without samples is checked for a recipient that stands in', () => {
    const found = check('TO:{{phone}};BODY:Hi {{firstname}}, reply STOP to end');
    expect(found.errors).toEqual([]);
    expect(found.warnings).toEqual([
      { field: 'body', issue: 'has the merge tag {{firstname}}, for which no sample has a value' },
    ]);
  });

  it('has the errors of every sample, each once', () => {
    const found = check('TO:{{phone}};CHANEL:MMS;Hi', [{ phone: '123' }, { phone: '124' }]);
    expect(found.first).toBeUndefined();
    expect(found.errors.map(({ field }) => field).sort()).toEqual(['CHANEL', 'TO']);
  });

  it('names the characters that make it UCS-2, where they are, and what they cost', () => {
    const found = check(`TO:+12025550123;BODY:Sale – today, STOP to end ${'a'.repeat(100)}`);
    expect(found).toMatchObject({
      encoding: 'UCS-2',
      segments: { min: 2, max: 2 },
      offending: [{ character: '–', codePoint: 'U+2013', position: 6 }],
    });
    expect(found.warnings).toEqual([
      {
        field: 'body',
        issue: '“–” is not GSM-7: 2 segments instead of 1 (encoding: smart replaces it)',
      },
    ]);
  });

  it('is checked by the settings of the service', () => {
    const body = 'TO:+12025550123;BODY:Hi {{firstname}}, STOP to end';
    expect(check(body, [], { refuse_unmerged: true }).errors).toEqual([
      { field: 'body', issue: 'has a merge tag that was not replaced' },
    ]);
  });

  it('is priced by its country and channel, and not priced where the table is silent', () => {
    const media = 'MEDIA_URLS:https://x.example/a.jpg;';
    expect(check(`TO:+12025550123;${media}BODY:Hi`).price).toEqual({ min: 0.02, max: 0.02 });
    expect(check('TO:+4915112345678;BODY:Hi').price).toEqual({ min: 0.06, max: 0.06 });
    expect(check(`TO:+4915112345678;${media}BODY:Hi`).price).toBeUndefined();
  });
});

describe('a warning', () => {
  it.each([
    ['Fish &amp; chips, STOP to end', 'has the HTML entity &amp;, which phones show as it is'],
    ['<b>Sale</b>, STOP to end', 'has HTML tags, which phones show as they are'],
    [
      'See https://bit.ly/abc, STOP to end',
      'has a link of the public shortener bit.ly, which carriers block (Twilio error 30007)',
    ],
    [
      'See www.TinyURL.com/abc, STOP to end',
      'has a link of the public shortener tinyurl.com, which carriers block (Twilio error 30007)',
    ],
    ['Sale today', 'does not say how to opt out (“Reply STOP to end”); marketing messages must'],
  ])('is given for %j', (text, warning) => {
    expect(warningsOf(text)).toEqual([warning]);
  });

  it.each([
    'Fish & chips; reply STOP to end',
    'At a < b, STOP to end',
    'See https://shop.example/bit.ly?a=1&b=2; STOP to end',
    'Angebote. Abmelden mit STOP',
  ])('is not given for %j', (text) => {
    expect(warningsOf(text)).toEqual([]);
  });
});
