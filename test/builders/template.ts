import type { Template } from '../../domain/content/templates/template.ts';

/** An approved text with two variables. */
export const aTemplate = (overrides: Partial<Template> = {}): Template => ({
  sid: `HX${'1'.repeat(32)}`,
  name: 'spring_sale',
  language: 'en',
  type: 'twilio/text',
  text: 'Hello {{1}}, your code is valid until {{2}}.',
  variables: ['1', '2'],
  category: 'MARKETING',
  status: 'approved',
  ...overrides,
});
