import { describe, expect, it } from 'vitest';
import type { TenantSecret } from '../../../../domain/tenant/tenant-secret.ts';
import { anHttpRequest } from '../../../builders/http-request.ts';
import { type TwilioInboundDeps, twilioInbound } from '../../../builders/webhooks.ts';
import { fakeAnswerLog } from '../../../fakes/answer-log.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeEventQueue } from '../../../fakes/event-queue.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

const texts = { stop_text: 'You get no more messages.', help_text: 'Acme: write to acme.example.' };

function setUp(settings: Partial<TwilioInboundDeps> = {}, secret: Partial<TenantSecret> = texts) {
  const clock = fakeClock();
  const optOuts = fakeOptOuts();
  const answers = fakeAnswerLog();
  const queue = fakeEventQueue();
  const deps: TwilioInboundDeps = {
    secrets: fakeTenantSecrets({ 'tenant-a': aTenantSecret(secret) }),
    signed: () => true,
    queue,
    publicUrls: ['https://connector.example'],
    clock,
    observe: fakeObserve(),
    optOuts,
    phrases: 'stop',
    limit: () => new AbortController().signal,
    answers,
    answerWindowSeconds: 86_400,
    ownSenders: ['+12025550177'],
    autoReply: 'none',
    twiml: (text = '') => text,
    ...settings,
  };
  let messages = 0;
  const hear =
    (prefix: string) =>
    async (body: string, fields: Readonly<Record<string, string>> = {}) => {
      messages += 1;
      const form = new URLSearchParams({
        MessageSid: `SM${messages}`,
        From: `${prefix}+12025550123`,
        To: `${prefix}+12025550100`,
        Body: body,
        ...fields,
      });
      const answer = await twilioInbound(
        anHttpRequest({
          params: { tenantId: 'tenant-a' },
          headers: { 'x-twilio-signature': `${'A'.repeat(27)}=` },
          body: form.toString(),
        }),
        deps,
      );
      expect(answer.status).toBe(200);
      return answer.body;
    };
  return { clock, optOuts, answers, queue, text: hear(''), whatsapp: hear('whatsapp:') };
}

describe('a keyword on WhatsApp, where Twilio answers nothing', () => {
  it('is answered in the response: STOP once, HELP not to a person who opted out', async () => {
    const { whatsapp } = setUp();
    expect(await whatsapp('HELP')).toBe(texts.help_text);
    expect(await whatsapp('STOP')).toBe(texts.stop_text);
    expect(await whatsapp('STOP')).toBe('');
    expect(await whatsapp('HELP')).toBe('');
    expect(await whatsapp('START')).toBe('');
  });

  it('is answered alike when Twilio repeats it for want of a response', async () => {
    const { whatsapp } = setUp();
    for (const [sid, word, text] of [
      ['SMhelp', 'HELP', texts.help_text],
      ['SMstop', 'STOP', texts.stop_text],
    ] as const) {
      expect(await whatsapp(word, { MessageSid: sid })).toBe(text);
      expect(await whatsapp(word, { MessageSid: sid })).toBe(text);
    }
  });

  it('is left to a Messaging Service that answered it', async () => {
    const { whatsapp } = setUp();
    expect(await whatsapp('HELP', { OptOutType: 'HELP' })).toBe('');
    expect(await whatsapp('STOP', { OptOutType: 'STOP' })).toBe('');
  });

  it('is not answered without a text, and nothing is read or written for it', async () => {
    const { whatsapp, answers, optOuts } = setUp({}, {});
    answers.outage.begin(1);
    optOuts.outage.begin(1);
    expect(await whatsapp('HELP')).toBe('');
  });
});

describe('a keyword by SMS, where Twilio answers its own', () => {
  it.each(['STOP', ' stopall ', 'Unsubscribe', 'HELP', 'info'])(
    'is left to Twilio: %s',
    async (word) => {
      expect(await setUp().text(word)).toBe('');
    },
  );

  it.each(['please stop', 'Arrêt', 'STOP!'])(
    'is answered by us where Twilio does not know it: %s',
    async (word) => {
      expect(await setUp().text(word)).toBe(texts.stop_text);
    },
  );
});

describe('an automatic reply', () => {
  const autoReply = 'Thank you, we will be in touch.';

  it('is given to a person once within the window', async () => {
    const { text, clock } = setUp({ autoReply });
    expect(await text('Hi')).toBe(autoReply);
    expect(await text('Hello?')).toBe('');
    clock.advance(86_400_000);
    expect(await text('Hello again')).toBe(autoReply);
  });

  it('ends a conversation with another program after one message', async () => {
    const { text } = setUp({ autoReply: 'echo' });
    expect(await text('I am a bot')).toBe('echo: I am a bot');
    expect(await text('I am a bot')).toBe('');
  });

  it('is not given to a person who opted out, nor to what we said ourselves', async () => {
    const { text, optOuts } = setUp({ autoReply, answerWindowSeconds: 0 });
    expect(await text('thank you we will be in touch')).toBe('');
    expect(await text('echo: Hi')).toBe('');
    expect(await text(texts.help_text)).toBe('');
    await optOuts.optOut('tenant-a', '+12025550123', 'operator', 1);
    expect(await text('Hi')).toBe('');
  });

  it.each([
    ['40404', ''],
    ['Parcels', ''],
    ['+12025550177', ''],
    ['+12025550100', ''],
    ['messenger:1234567', autoReply],
  ])('to %s is "%s"', async (From, expected) => {
    expect(await setUp({ autoReply }).text('Hi', { From })).toBe(expected);
  });

  it('is left out while the tables are down, and the reply is taken all the same', async () => {
    const { text, answers, queue } = setUp({ autoReply });
    answers.outage.begin(1);
    expect(await text('Hi')).toBe('');
    expect(queue.requests).toHaveLength(1);
  });
});
