import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { twilioSigned } from '../../../adapters/twilio/webhook-signature.ts';
import { toTwilioStatusCallback } from '../../../domain/feedback/correlation.ts';
import { twilioInbound } from '../../../domain/feedback/twilio-inbound.ts';
import { twilioStatus } from '../../../domain/feedback/twilio-status.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { anHttpRequest } from '../../builders/http-request.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeEventQueue } from '../../fakes/event-queue.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';

const token = 'twilio-token-for-tests';
const sid = `SM${'a'.repeat(32)}`;
const publicUrl = 'https://connector.example/prod';
const correlation = { ...aMessageRequest(), tenantId: 'tenant-a', externalCode: 'TSK 1&2+ü' };

function setUp() {
  const secrets = fakeTenantSecrets({
    'tenant-a': aTenantSecret({ twilio_auth_token: token }),
    'tenant-b': aTenantSecret({ twilio_auth_token: 'token-of-tenant-b' }),
  });
  const queue = fakeEventQueue();
  const observe = fakeObserve();
  const deps = { secrets, signed: twilioSigned, queue, publicUrl, clock: fakeClock(), observe };
  return { secrets, queue, observe, deps };
}

type Form = readonly (readonly [string, string])[];
type Call = {
  form: Form;
  url: string;
  signingToken?: string;
  signature?: string | undefined;
  tenantId?: string;
};

const encode = (form: Form): string => {
  const encoded = new URLSearchParams();
  for (const [name, value] of form) encoded.append(name, value);
  return encoded.toString();
};

/** A form POST as Twilio makes it, and as API Gateway hands it on: without the host and the stage. */
function call({ form, url, signingToken = token, tenantId = 'tenant-a', ...given }: Call) {
  const at = new URL(url);
  const parameters: Record<string, string | string[]> = {};
  for (const [name, value] of form) {
    const before = parameters[name];
    parameters[name] = before === undefined ? value : [before, value].flat();
  }
  const withoutFragment = url.split('#')[0] ?? '';
  const signature =
    'signature' in given
      ? given.signature
      : getExpectedTwilioSignature(signingToken, withoutFragment, parameters);
  return anHttpRequest({
    path: at.pathname,
    params: { tenantId },
    rawQuery: withoutFragment.split('?')[1] ?? '',
    query: at.searchParams,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(signature === undefined ? {} : { 'x-twilio-signature': signature }),
    },
    body: encode(form),
  });
}

const statusForm = (word: string, ...more: Form): Form => [
  ['AccountSid', `AC${'0'.repeat(32)}`],
  ['MessageSid', sid],
  ['MessageStatus', word],
  ['To', '+12025550123'],
  ['FromCity', ''],
  ...more,
];
const statusUrl = toTwilioStatusCallback(publicUrl, correlation);

describe("Twilio's status callback", () => {
  it('is put on the queue with everything that the event needs', async () => {
    const { deps, queue, observe } = setUp();
    const form = statusForm('undelivered', ['ErrorCode', '30003'], ['ErrorMessage', 'Off']);
    expect(await twilioStatus(call({ form, url: statusUrl }), deps)).toEqual({ status: 204 });
    expect(queue.requests).toEqual([
      {
        v: 1,
        kind: 'status',
        key: `twilio:${sid}:undelivered`,
        tenantId: 'tenant-a',
        provider: 'twilio',
        channel: 'SMS',
        providerMessageId: sid,
        receivedAt: deps.clock(),
        word: 'undelivered',
        guid: correlation.guid,
        identityId: correlation.identityId,
        externalCode: 'TSK 1&2+ü',
        responseTrackingCode: correlation.responseTrackingCode,
        errorCode: '30003',
        errorText: 'Off',
        address: '+12025550123',
      },
    ]);
    expect(observe.counted('status_update')).toBe(1);
  });

  it('is checked against the public URL, whatever path the gateway has left of it', async () => {
    const { deps, queue } = setUp();
    const request = call({ form: statusForm('sent'), url: statusUrl });
    await twilioStatus({ ...request, path: '/elsewhere' }, deps);
    expect(queue.requests).toHaveLength(1);
  });

  it('may repeat a parameter', async () => {
    const { deps, queue } = setUp();
    const form = statusForm('sent', ['Tag', 'b'], ['Tag', 'a'], ['Tag', 'b']);
    expect((await twilioStatus(call({ form, url: statusUrl }), deps)).status).toBe(204);
    expect(queue.requests).toHaveLength(1);
  });

  it('keeps the bare number of a WhatsApp address', async () => {
    const { deps, queue } = setUp();
    const form = statusForm('read').map(([name, value]): readonly [string, string] =>
      name === 'To' ? [name, `whatsapp:${value}`] : [name, value],
    );
    await twilioStatus(call({ form, url: statusUrl }), deps);
    expect(queue.requests).toMatchObject([{ channel: 'WHATSAPP', address: '+12025550123' }]);
  });

  it('is accepted with the secondary token, and with one that was rotated a moment ago', async () => {
    const { deps, queue, secrets } = setUp();
    const form = statusForm('sent');
    const rotated = call({ form, url: statusUrl, signingToken: 'token-after-rotation' });
    const secondary = { twilio_auth_token: 'other', twilio_auth_token_secondary: token };

    secrets.put('tenant-a', {
      kind: 'found',
      secret: aTenantSecret({ twilio_auth_token: 'token-after-rotation' }),
    });
    expect((await twilioStatus(rotated, deps)).status).toBe(204);
    secrets.put('tenant-a', { kind: 'found', secret: aTenantSecret(secondary) });
    expect((await twilioStatus(call({ form, url: statusUrl }), deps)).status).toBe(204);
    expect(queue.requests).toHaveLength(2);
  });

  it.each<[string, Partial<Call>]>([
    ['is not signed', { signature: undefined }],
    ['is signed with nonsense', { signature: 'nonsense' }],
    ['is signed with the token of another tenant', { signingToken: 'token-of-tenant-b' }],
  ])('that %s is refused', async (_what, change) => {
    const { deps, queue, observe } = setUp();
    const answer = await twilioStatus(
      call({ form: statusForm('sent'), url: statusUrl, ...change }),
      deps,
    );
    expect(answer.status).toBe(403);
    expect(queue.requests).toEqual([]);
    expect(observe.counted('forged')).toBe(1);
  });

  it('that was signed for another URL or tenant is refused', async () => {
    const { deps, queue, observe } = setUp();
    const good = call({ form: statusForm('sent'), url: statusUrl });
    const answers = await Promise.all([
      twilioStatus({ ...good, params: { tenantId: 'tenant-b' } }, deps),
      twilioStatus({ ...good, rawQuery: good.rawQuery.replace('id=', 'id=x') }, deps),
      twilioStatus({ ...good, body: good.body.replace('sent', 'read') }, deps),
      twilioInbound(good, { ...deps, autoReply: 'none', twiml: () => '' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    expect(queue.requests).toEqual([]);
    expect(observe.counted('forged')).toBe(4);
  });

  it('of a tenant that there is not finds nothing', async () => {
    const { deps } = setUp();
    for (const tenantId of ['tenant-x', '../tenant-a', '']) {
      const request = call({ form: statusForm('sent'), url: statusUrl, tenantId });
      expect((await twilioStatus(request, deps)).status).toBe(404);
    }
  });

  it.each<[string, Form, string]>([
    ['a word that nobody knows', statusForm('teleported'), 'unmapped'],
    ['no word at all', statusForm(''), 'unmapped'],
    ['an inherited word', statusForm('constructor'), 'unmapped'],
  ])('with %s is acknowledged, counted and left alone', async (_what, form, metric) => {
    const { deps, queue, observe } = setUp();
    expect((await twilioStatus(call({ form, url: statusUrl }), deps)).status).toBe(204);
    expect(queue.requests).toEqual([]);
    expect(observe.counts.map((one) => one.metric)).toEqual([metric]);
  });

  it('of a message that we did not send is counted and dropped', async () => {
    const { deps, queue, observe } = setUp();
    const base = `${publicUrl}/webhooks/twilio/tenant-a/status`;
    for (const url of [base, `${base}?guid=`, `${base}?guid=a%23b&id=1`]) {
      expect((await twilioStatus(call({ form: statusForm('sent'), url }), deps)).status).toBe(204);
    }
    const noSid = statusForm('sent').filter(([name]) => name !== 'MessageSid');
    await twilioStatus(call({ form: noSid, url: statusUrl }), deps);
    expect(queue.requests).toEqual([]);
    expect(observe.counted('uncorrelated')).toBe(4);
  });

  it('is not acknowledged while the queue or the secret is away, so Twilio repeats it', async () => {
    const { deps, queue, secrets } = setUp();
    queue.outage.begin(1);
    const request = call({ form: statusForm('sent'), url: statusUrl });
    await expect(twilioStatus(request, deps)).rejects.toBeInstanceOf(Unavailable);
    secrets.put('tenant-a', { kind: 'invalid', issue: 'twilio_api_url is not a URL' });
    const unknown = call({ form: statusForm('sent'), url: statusUrl, signingToken: 'newer' });
    await expect(twilioStatus(unknown, deps)).rejects.toBeInstanceOf(Unavailable);
  });

  it.each(['%', '\u0000', 'a=b&a=c&&&=', 'x'.repeat(100_000), '{"a":1}'])(
    'that is no form at all is refused: %#',
    async (body) => {
      const { deps } = setUp();
      const request = call({ form: [], url: statusUrl });
      expect((await twilioStatus({ ...request, body }, deps)).status).toBe(403);
    },
  );
});

const inboundUrl = `${publicUrl}/webhooks/twilio/tenant-a/inbound`;
const inboundForm = (body: string, ...more: Form): Form => [
  ['MessageSid', sid],
  ['From', '+12025550123'],
  ['To', '+12025550100'],
  ['FromCity', ''],
  ['NumMedia', '0'],
  ['Body', body],
  ...more,
];

describe("Twilio's inbound message", () => {
  const hear = async (form: Form, autoReply = 'none') => {
    const { deps, queue, observe } = setUp();
    const twiml = (text?: string) => `<${text ?? ''}>`;
    const request = call({ form, url: inboundUrl });
    const answer = await twilioInbound(request, { ...deps, autoReply, twiml });
    return { answer, queue, observe, deps };
  };

  it('is put on the queue and answered with TwiML', async () => {
    const { answer, queue, deps, observe } = await hear(inboundForm(' Grüße 😀 '));
    expect(answer).toEqual({
      status: 200,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: '<>',
    });
    expect(queue.requests).toEqual([
      {
        v: 1,
        kind: 'reply',
        key: `twilio:${sid}:reply`,
        tenantId: 'tenant-a',
        tenantFrom: 'route',
        provider: 'twilio',
        channel: 'SMS',
        providerMessageId: sid,
        receivedAt: deps.clock(),
        from: '+12025550123',
        to: '+12025550100',
        body: ' Grüße 😀 ',
        attributes: {},
      },
    ]);
    expect(observe.counted('reply')).toBe(1);
  });

  it('of WhatsApp carries media, names and buttons, and bare numbers', async () => {
    const { queue } = await hear([
      ['MessageSid', sid],
      ['From', 'whatsapp:+12025550123'],
      ['To', 'whatsapp:+12025550100'],
      ['Body', ''],
      ['NumMedia', '2'],
      ['MediaUrl0', 'https://media.example/0'],
      ['MediaContentType0', 'image/png'],
      ['MediaUrl1', 'https://media.example/1'],
      ['MediaContentType1', 'audio/ogg'],
      ['ProfileName', 'Ada'],
      ['WaId', '12025550123'],
      ['ButtonText', 'Yes'],
      ['ButtonPayload', 'confirm'],
      ['OriginalRepliedMessageSid', 'SM1'],
    ]);
    expect(queue.requests).toMatchObject([
      {
        channel: 'WHATSAPP',
        from: '+12025550123',
        to: '+12025550100',
        body: '',
        attributes: {
          mediaUrls: 'https://media.example/0 https://media.example/1',
          mediaTypes: 'image/png audio/ogg',
          profileName: 'Ada',
          waId: '12025550123',
          buttonText: 'Yes',
          buttonPayload: 'confirm',
          originalMessageId: 'SM1',
        },
      },
    ]);
  });

  it.each([
    ['none', 'Hi', '<>'],
    ['echo', 'Hi', '<echo: Hi>'],
    ['Thank you!', 'Hi', '<Thank you!>'],
    ['echo', 'STOP', '<>'],
    ['Thank you!', 'help', '<>'],
  ])('with twilio_auto_reply %s and "%s" is answered %s', async (autoReply, body, expected) => {
    expect((await hear(inboundForm(body), autoReply)).answer.body).toBe(expected);
  });

  it.each<[string, Form, string | undefined]>([
    ['stop', [], 'STOP'],
    [' Unsubscribe. ', [], 'STOP'],
    ['UNSTOP', [], 'START'],
    ['Info', [], 'HELP'],
    ['please stop it', [], undefined],
    ['HALT', [['OptOutType', 'STOP']], 'STOP'],
    ['constructor', [], undefined],
  ])('that says "%s" wants what it says', async (body, more, optOut) => {
    const { queue } = await hear(inboundForm(body, ...more));
    expect(queue.requests[0]).toHaveProperty('kind', 'reply');
    expect(queue.requests.map((one) => one.kind === 'reply' && one.optOut)).toEqual([optOut]);
  });

  it('without an id or a sender is answered and dropped', async () => {
    const { answer, queue } = await hear([['Body', 'Hi']]);
    expect(answer.status).toBe(200);
    expect(queue.requests).toEqual([]);
  });

  it('that is not signed is refused', async () => {
    const { deps, queue } = setUp();
    const request = call({ form: inboundForm('Hi'), url: inboundUrl, signature: 'x' });
    const answer = await twilioInbound(request, { ...deps, autoReply: 'none', twiml: () => '' });
    expect(answer.status).toBe(403);
    expect(queue.requests).toEqual([]);
  });
});
