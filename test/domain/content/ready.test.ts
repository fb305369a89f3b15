import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../../domain/clock.ts';
import { readyToSend } from '../../../domain/content/ready.ts';
import { templateCatalogue } from '../../../domain/content/templates/catalogue.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { aTemplate } from '../../builders/template.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeTemplateStore } from '../../fakes/template-store.ts';
import { fakeWindows } from '../../fakes/whatsapp-windows.ts';

const template = { template: 'spring_sale', variables: { '1': 'Ben', '2': '3 May' } };
const pair = { tenantId: 'tenant-a', sender: '+12025550100', person: '+12025550123' };

function aContent(windowPolicy: 'check' | 'trust' = 'check') {
  const clock = fakeClock();
  const windows = fakeWindows();
  const catalogue = templateCatalogue({
    store: fakeTemplateStore(),
    source: async () => ({ kind: 'templates', templates: [aTemplate()] }),
    refreshMs: 900 * SECOND,
    clock,
  });
  const send = (request: Partial<MessageRequest>) =>
    readyToSend(
      aMessageRequest({ channel: 'WHATSAPP', body: 'Hello', ...request }),
      {},
      new AbortController().signal,
      { catalogue, windows, windowPolicy, clock },
    );
  return { send, clock, wrote: () => windows.open(pair, clock()) };
}

const asText = { kind: 'ready', request: { body: 'Hello' } };
const asTemplate = {
  kind: 'ready',
  request: { body: '', template: { template: aTemplate().sid } },
};

describe('a WhatsApp message with a text and a template', () => {
  it.each(['check', 'trust'] as const)(
    'is the text while the window is open, and the template otherwise: %s',
    async (policy) => {
      const { send, clock, wrote } = aContent(policy);
      expect(await send({ template })).toMatchObject(asTemplate);
      await wrote();
      clock.advance(23 * HOUR);
      const open = await send({ template });
      expect(open).toMatchObject(asText);
      expect(open).not.toHaveProperty('request.template');
      clock.advance(55 * MINUTE);
      expect(await send({ template })).toMatchObject(asTemplate);
    },
  );

  it('is the template where the sender is chosen later', async () => {
    const { send, wrote } = aContent();
    await wrote();
    expect(await send({ template, from: `MG${'0'.repeat(32)}` })).toMatchObject(asTemplate);
  });
});

describe('free text on WhatsApp', () => {
  it('is refused outside of the window where that is checked', async () => {
    const { send, wrote } = aContent('check');
    expect(await send({})).toMatchObject({
      kind: 'refused',
      failure: {
        class: 'permanent',
        code: 'window-closed',
        advice: expect.stringContaining('TEMPLATE'),
      },
    });
    await wrote();
    expect(await send({})).toMatchObject(asText);
    expect(await send({ from: '+12025550101' })).toMatchObject({ kind: 'refused' });
  });

  it('is sent where the author is trusted, where nobody can say, and as an answer', async () => {
    expect(await aContent('trust').send({})).toMatchObject(asText);
    const { send } = aContent('check');
    expect(await send({ from: `MG${'0'.repeat(32)}` })).toMatchObject(asText);
    expect(await send({ answers: 'HELP' })).toMatchObject(asText);
    expect(await send({ channel: 'SMS' })).toMatchObject(asText);
  });
});
