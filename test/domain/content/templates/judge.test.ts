import { describe, expect, it } from 'vitest';
import { judgeTemplate } from '../../../../domain/content/templates/judge.ts';
import { aTemplate } from '../../../builders/template.ts';

const german = aTemplate({ sid: `HX${'2'.repeat(32)}`, name: 'order', language: 'de' });
const english = aTemplate({ sid: `HX${'3'.repeat(32)}`, name: 'order', language: 'en_US' });
const paused = aTemplate({ sid: `HX${'4'.repeat(32)}`, name: 'paused', status: 'paused' });
const rejected = aTemplate({
  sid: `HX${'5'.repeat(32)}`,
  name: 'rejected',
  status: 'rejected',
  reason: 'TAG_CONTENT_MISMATCH',
});
const pending = aTemplate({ sid: `HX${'6'.repeat(32)}`, name: 'pending', status: 'pending' });
const catalogue = {
  syncedAt: 1,
  templates: [aTemplate(), german, english, paused, rejected, pending],
};
const variables = { '1': 'Ben', '2': '3 May' };
const judge = (
  template: string,
  { language, given = variables }: { language?: string; given?: Record<string, string> } = {},
  channel: 'WHATSAPP' | 'SMS' = 'WHATSAPP',
) =>
  judgeTemplate(
    { template, variables: given, ...(language ? { language } : {}) },
    channel,
    catalogue,
  );

describe('a template', () => {
  it.each([
    ['spring_sale', undefined],
    ['spring_sale', 'en'],
    [`HX${'1'.repeat(32)}`, undefined],
    ['order', 'de'],
    ['order', 'en-us'],
  ])('fits by name or id: %s %s', (name, language) => {
    expect(judge(name, language ? { language } : {}).kind).toBe('fits');
  });

  it.each([
    ['nowhere', {}, 'config', 'template-unknown'],
    ['spring_sale', { language: 'fr' }, 'config', 'template-unknown'],
    ['order', {}, 'permanent', 'template-ambiguous'],
    ['paused', {}, 'config', 'template-paused'],
    ['rejected', {}, 'config', 'template-rejected'],
    ['pending', {}, 'config', 'template-not-approved'],
    ['spring_sale', { given: { '1': 'Ben' } }, 'permanent', 'template-variables-missing'],
    [
      'spring_sale',
      { given: { ...variables, '3': 'x' } },
      'permanent',
      'template-variables-unknown',
    ],
  ] as const)('is refused: %s %j', (name, options, failureClass, code) => {
    expect(judge(name, options)).toMatchObject({
      kind: 'refused',
      failure: { class: failureClass, code, advice: expect.stringMatching(/\.$/) },
    });
  });

  it('names languages, variables and reasons, and no value', () => {
    expect(judge('order')).toMatchObject({
      failure: { message: 'Several templates have this name, in: de, en_US.' },
    });
    expect(judge('rejected')).toMatchObject({
      failure: { message: 'WhatsApp rejected the template: TAG_CONTENT_MISMATCH.' },
    });
    expect(JSON.stringify(judge('spring_sale', { given: { name: 'Ben' } }))).not.toContain('Ben');
  });

  it('needs no approval on other channels', () => {
    expect(judge('paused', {}, 'SMS').kind).toBe('fits');
  });
});
