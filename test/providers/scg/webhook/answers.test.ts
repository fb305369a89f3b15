import { describe, expect, it } from 'vitest';
import { messageRequestSchema } from '../../../../domain/outbound/message-request.ts';
import type { TenantSecret } from '../../../../domain/tenant/tenant-secret.ts';
import { Unavailable } from '../../../../domain/unavailable.ts';
import { providers } from '../../../../providers/registry.ts';
import { anHttpRequest } from '../../../builders/http-request.ts';
import { type ScgEventsDeps, scgEvents } from '../../../builders/webhooks.ts';
import { fakeAnswerLog } from '../../../fakes/answer-log.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeEventQueue } from '../../../fakes/event-queue.ts';
import { fakeIdentities } from '../../../fakes/identities.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { fakeOutboundQueue } from '../../../fakes/outbound-queue.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

const texts = { stop_text: 'You get no more messages.', help_text: 'Acme: write to acme.example.' };
const person = '+12025550123';

function setUp(
  secret: Partial<TenantSecret> = texts,
  { route = 'tenant-a', ...settings }: Partial<ScgEventsDeps> & { readonly route?: string } = {},
) {
  const clock = fakeClock();
  const queue = fakeEventQueue();
  const outbound = fakeOutboundQueue();
  const observe = fakeObserve();
  const optOuts = fakeOptOuts();
  const answers = fakeAnswerLog();
  const identities = fakeIdentities({ clock });
  const secrets = fakeTenantSecrets({
    'tenant-a': aTenantSecret(secret),
    'tenant-b': aTenantSecret({ stop_text: 'Bye from B.', help_text: 'Help from B.' }),
  });
  const deps: ScgEventsDeps = {
    secrets,
    same: (a, b) => a === b,
    queue,
    person: { identities, secrets, providers, identityField: '' },
    defaultTenantId: 'tenant-a',
    optOuts,
    phrases: 'stop',
    limit: () => new AbortController().signal,
    answers,
    answerWindowSeconds: 86_400,
    ownSenders: ['+12025550177', 'sender_id:local'],
    outbound,
    channelsBySender: { 'sender-wa': 'WHATSAPP' },
    uppercaseReplies: false,
    clock,
    observe,
    ...settings,
  };
  let messages = 0;
  const hear = async (body: string, fields: object = {}) => {
    messages += 1;
    const answer = await scgEvents(
      anHttpRequest({
        params: route === '' ? {} : { tenantId: route },
        headers: { authorization: `Basic ${btoa('scg-user:scg-password-for-tests')}` },
        body: JSON.stringify({
          message_id: `mo-${messages}`,
          from_address: person,
          to_address: '28776',
          sender_id_id: 'Vk0XyVo8AkoSbScfERWwc4',
          message_body: body,
          ...fields,
        }),
      }),
      deps,
    );
    expect(answer.status).toBe(200);
  };
  const sent = () => outbound.messages.map(({ request }) => request.body);
  const reasons = () => observe.lines.flatMap(({ fields }) => fields.code ?? []);
  return { clock, queue, outbound, observe, optOuts, answers, identities, hear, sent, reasons };
}

describe('a STOP through SCG', () => {
  it('is answered by a message from the sender that was written to, in nobody’s name', async () => {
    const { hear, outbound, clock } = setUp();
    await hear('Stop.');
    const [only, ...others] = outbound.messages.map(({ request }) => request);
    expect(others).toEqual([]);
    expect(messageRequestSchema.parse(only)).toEqual({
      v: 1,
      guid: 'answer:scg:mo-1',
      tenantId: 'tenant-a',
      provider: 'scg',
      channel: 'SMS',
      to: person,
      from: 'sender_id:Vk0XyVo8AkoSbScfERWwc4',
      fromSource: 'creative',
      body: texts.stop_text,
      mediaUrls: [],
      identityId: '',
      externalCode: '',
      responseTrackingCode: '',
      taskId: '',
      eventName: '',
      generatedAt: clock(),
      acceptedAt: clock(),
      answers: 'STOP',
    });
  });

  it('that is delivered twice is answered under one name, so that one answer is sent', async () => {
    const { hear, outbound } = setUp();
    await hear('STOP', { message_id: 'mo-stop' });
    await hear('STOP', { message_id: 'mo-stop' });
    const guids = outbound.messages.map(({ request }) => request.guid);
    expect(new Set(guids)).toEqual(new Set(['answer:scg:mo-stop']));
  });

  it('of a person who has opted out already is not answered, nor is anything else', async () => {
    const { hear, sent, reasons } = setUp();
    await hear('STOP');
    await hear('STOP');
    await hear('HELP');
    expect(sent()).toEqual([texts.stop_text]);
    expect(reasons()).toEqual(['opted-out']);
  });

  it('is answered again after a START', async () => {
    const { hear, sent, clock } = setUp();
    for (const word of ['STOP', 'START', 'STOP']) {
      await hear(word);
      clock.advance(1_000);
    }
    expect(sent()).toEqual([texts.stop_text, texts.stop_text]);
  });

  it('that is only on the queue is not answered yet', async () => {
    const { hear, optOuts, queue, sent } = setUp();
    optOuts.outage.begin(1);
    await hear('STOP');
    expect(queue.requests).toHaveLength(1);
    expect(sent()).toEqual([]);
  });

  it('that cannot be answered now is repeated by SCG, and answered then', async () => {
    const { hear, outbound, sent } = setUp();
    outbound.outage.begin(1);
    await expect(hear('STOP', { message_id: 'mo-1' })).rejects.toBeInstanceOf(Unavailable);
    await hear('STOP', { message_id: 'mo-1' });
    expect(sent()).toEqual([texts.stop_text]);
  });

  it('on a shared address is answered with the words of the tenant whose person it is', async () => {
    const { hear, identities, outbound } = setUp({}, { route: '' });
    await identities.remember(person, 'tenant-b', 'identity-b');
    await hear('STOP');
    expect(outbound.messages).toMatchObject([
      { request: { tenantId: 'tenant-b', body: 'Bye from B.' } },
    ]);
  });
});

describe('a HELP through SCG', () => {
  it('is answered once within the window, and by the same message when delivered again', async () => {
    const { hear, outbound, clock, reasons } = setUp();
    await hear('help', { message_id: 'mo-help' });
    await hear('help', { message_id: 'mo-help' });
    await hear('INFO');
    const guids = () => outbound.messages.map(({ request }) => request.guid);
    expect(new Set(guids())).toEqual(new Set(['answer:scg:mo-help']));
    expect(outbound.messages[0]?.request).toMatchObject({ body: texts.help_text, answers: 'HELP' });
    expect(reasons()).toEqual(['answered-before']);
    clock.advance(86_400_000);
    await hear('HELP', { message_id: 'mo-next-day' });
    expect(guids()).toContain('answer:scg:mo-next-day');
  });

  it('is answered each time without a window, and nothing is written down', async () => {
    const { hear, sent, answers } = setUp(texts, { answerWindowSeconds: 0 });
    await hear('HELP');
    await hear('HELP');
    expect(sent()).toHaveLength(2);
    expect(answers.log.size).toBe(0);
  });

  it('on a shared address is answered in the name of the tenant whose person it is', async () => {
    const { hear, identities, outbound } = setUp(texts, { route: '' });
    await identities.remember(person, 'tenant-b', 'identity-b');
    await hear('HELP');
    expect(outbound.messages).toMatchObject([
      { request: { tenantId: 'tenant-b', body: 'Help from B.' } },
    ]);
  });

  it.each([
    ['a short code', { from_address: '40404' }],
    ['a name', { from_address: 'Parcels' }],
    ['the sender itself', { to_address: person }],
    ['a sender of ours', { from_address: '+12025550177' }],
  ])('from %s is not answered', async (_who, fields) => {
    const { hear, sent, reasons } = setUp();
    await hear('HELP', fields);
    await hear('STOP', fields);
    expect(sent()).toEqual([]);
    expect(reasons()).toEqual(['not-a-person', 'not-a-person']);
  });
});

it('a text of ours that comes back is not answered, however it is spelt', async () => {
  const { hear, sent, reasons } = setUp({ help_text: 'Help!', stop_text: 'Stop.' });
  await hear('HELP');
  await hear('stop');
  expect(sent()).toEqual([]);
  expect(reasons()).toEqual(['our-own-text', 'our-own-text']);
});

it.each(['STOP', 'START', 'Hello'])(
  '"%s" to a tenant without texts costs nothing more',
  async (body) => {
    const { hear, outbound, answers, identities } = setUp({}, { route: '' });
    outbound.outage.begin(1);
    answers.outage.begin(1);
    if (body === 'Hello') identities.outage.begin(1);
    await hear(body);
    expect(outbound.messages).toEqual([]);
  },
);

it('a HELP to a tenant without a text costs neither read nor write', async () => {
  const { hear, outbound, answers, identities, optOuts } = setUp({}, { route: '' });
  for (const part of [outbound, answers, identities, optOuts]) part.outage.begin(1);
  await hear('HELP');
  expect(outbound.messages).toEqual([]);
});

it('a text that cannot be read is logged and counts as none', async () => {
  const { hear, sent, reasons } = setUp({ stop_text: ['x'], help_text: 'x'.repeat(1601) });
  await hear('STOP');
  await hear('HELP');
  expect(sent()).toEqual([]);
  expect(reasons()).toEqual(expect.arrayContaining(['stop_text', 'help_text']));
});
