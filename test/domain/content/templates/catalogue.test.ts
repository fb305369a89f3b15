import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../../../domain/clock.ts';
import { templateCatalogue } from '../../../../domain/content/templates/catalogue.ts';
import type { TemplatesAnswer } from '../../../../domain/content/templates/ports.ts';
import type { Template } from '../../../../domain/content/templates/template.ts';
import { aMessageRequest } from '../../../builders/message-request.ts';
import { aTemplate } from '../../../builders/template.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeTemplateStore } from '../../../fakes/template-store.ts';

const template = { template: 'spring_sale', variables: { '1': 'Ben', '2': '3 May' } };
const request = { ...aMessageRequest({ channel: 'WHATSAPP' }), template };
const down: TemplatesAnswer = {
  kind: 'unavailable',
  failure: { class: 'transient', code: 'templates-unavailable', message: 'Down.' },
};

/** Workers that share a table and a provider. */
function aCatalogue(templates: readonly Template[] = [aTemplate()]) {
  const clock = fakeClock();
  const store = fakeTemplateStore();
  const provider = { answer: { kind: 'templates', templates } as TemplatesAnswer, calls: 0 };
  const worker = () => {
    const catalogue = templateCatalogue({
      store,
      source: async () => {
        provider.calls += 1;
        return provider.answer;
      },
      refreshMs: 15 * MINUTE,
      clock,
    });
    return () => catalogue.judge(request, { secret: {}, signal: new AbortController().signal });
  };
  return { worker, provider, clock, store };
}

describe('the catalogue', () => {
  it('asks the provider once for many messages', async () => {
    const { worker, provider, clock } = aCatalogue();
    const [one, another] = [worker(), worker()];
    for (let sent = 0; sent < 100; sent += 1) {
      expect((await (sent % 2 ? one : another)()).kind).toBe('fits');
      clock.advance(SECOND);
    }
    expect(provider.calls).toBe(1);
  });

  it('is brought up to date when it is old', async () => {
    const { worker, provider, clock } = aCatalogue();
    const judge = worker();
    await judge();
    clock.advance(15 * MINUTE);
    provider.answer = { kind: 'templates', templates: [aTemplate({ status: 'paused' })] };
    expect(await judge()).toMatchObject({ failure: { code: 'template-paused' } });
    expect(provider.calls).toBe(2);
  });

  it('refuses nothing by an old copy: the template may have been approved since', async () => {
    const { worker, provider, clock } = aCatalogue([aTemplate({ status: 'pending' })]);
    const judge = worker();
    expect((await judge()).kind).toBe('refused');
    clock.advance(30 * SECOND);
    expect((await judge()).kind).toBe('refused');
    expect(provider.calls).toBe(1);
    clock.advance(MINUTE);
    provider.answer = { kind: 'templates', templates: [aTemplate()] };
    expect((await judge()).kind).toBe('fits');
    expect(provider.calls).toBe(2);
  });

  it('sends by the copy while the provider is down, and lets the unknown wait', async () => {
    const { worker, provider, clock } = aCatalogue();
    const judge = worker();
    await judge();
    clock.advance(60 * MINUTE);
    provider.answer = down;
    expect((await judge()).kind).toBe('fits');

    const other = aCatalogue();
    other.provider.answer = down;
    expect(await other.worker()()).toMatchObject({
      kind: 'wait',
      failure: { class: 'transient', code: 'templates-unavailable' },
    });
  });

  it('refuses where the set-up keeps it from asking', async () => {
    const { worker, provider } = aCatalogue();
    provider.answer = {
      kind: 'unavailable',
      failure: { class: 'config', code: '20003', message: 'The credentials were refused.' },
      authentication: true,
    };
    expect(await worker()()).toMatchObject({ kind: 'refused', authentication: true });
  });

  it('waits while another worker asks', async () => {
    const { worker, store, clock } = aCatalogue();
    await store.takeTurn(request.tenantId, clock(), clock() + 20 * SECOND);
    expect(await worker()()).toMatchObject({
      kind: 'wait',
      failure: { code: 'templates-being-synced' },
    });
    clock.advance(20 * SECOND);
    expect((await worker()()).kind).toBe('fits');
  });
});
