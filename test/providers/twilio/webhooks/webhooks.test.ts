import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { Unavailable } from '../../../../domain/unavailable.ts';
import { toTwilioStatusCallback } from '../../../../providers/twilio/reference.ts';
import { parametersOf } from '../../../../providers/twilio/webhooks/form.ts';
import { twilioSigned } from '../../../../providers/twilio/webhooks/signature.ts';
import { answering } from '../../../builders/answering.ts';
import { anHttpRequest } from '../../../builders/http-request.ts';
import { aMessageRequest } from '../../../builders/message-request.ts';
import {
  twilioInbound as twilioInboundRoute,
  twilioStatus as twilioStatusRoute,
} from '../../../builders/webhooks.ts';
import { fakeAnswerLog } from '../../../fakes/answer-log.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeEventQueue } from '../../../fakes/event-queue.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

const twilioStatus = answering(twilioStatusRoute);
const twilioInbound = answering(twilioInboundRoute);

const token = 'twilio-token-for-tests';
const sid = `SM${'a'.repeat(32)}`;
const publicUrl = 'https://connector.example/prod';
const correlation = { ...aMessageRequest(), tenantId: 'tenant-a', externalCode: 'TSK 1&2+ü' };

function setUp() {
  const secrets = fakeTenantSecrets({
    'tenant-a': aTenantSecret({ twilio_auth_token: token, stop_words: 'aufhören, halt' }),
    'tenant-b': aTenantSecret({ twilio_auth_token: 'token-of-tenant-b' }),
  });
  const queue = fakeEventQueue();
  const observe = fakeObserve();
  const publicUrls = [publicUrl, 'https://own.example', 'https://former.example'];
  const optOuts = fakeOptOuts();
  const deps = {
    secrets,
    signed: twilioSigned,
    queue,
    publicUrls,
    clock: fakeClock(),
    observe,
    optOuts,
    phrases: 'stop' as const,
    limit: () => new AbortController().signal,
    answers: fakeAnswerLog(),
    answerWindowSeconds: 86_400,
    ownSenders: [],
  };
  return { secrets, queue, observe, optOuts, deps };
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

  it.each(['x'.repeat(41), 'drop table; --', '<b>'])(
    'is reported without an error code that is none: %#',
    async (code) => {
      const { deps, queue } = setUp();
      const form = statusForm('failed', ['ErrorCode', code]);
      expect((await twilioStatus(call({ form, url: statusUrl }), deps)).status).toBe(204);
      expect(queue.requests).toMatchObject([{ word: 'failed' }]);
      expect(queue.requests[0]).not.toHaveProperty('errorCode');
    },
  );

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

  it('of an unknown tenant is answered exactly like one with a wrong signature', async () => {
    const { deps, observe } = setUp();
    const wrong = { form: statusForm('sent'), url: statusUrl, signingToken: 'wrong' };
    const answer = await twilioStatus(call(wrong), deps);
    expect(answer.status).toBe(403);
    for (const tenantId of ['tenant-x', '../tenant-a', '']) {
      expect(await twilioStatus(call({ ...wrong, tenantId }), deps)).toEqual(answer);
    }
    expect(observe.counted('forged')).toBe(4);
  });

  it('of an unknown tenant has its signature computed like that of a known one', async () => {
    const { deps } = setUp();
    const work = async (tenantId: string) => {
      let checks = 0;
      const signed = () => {
        checks += 1;
        return false;
      };
      const request = call({ form: statusForm('sent'), url: statusUrl, tenantId });
      await twilioStatus(request, { ...deps, signed });
      return checks;
    };
    expect(await work('tenant-x')).toBe(await work('tenant-a'));
  });

  it('signed for a former address or the API’s own is accepted, and for no other', async () => {
    const { deps, queue } = setUp();
    const signedFor = (base: string) =>
      twilioStatus(
        call({ form: statusForm('sent'), url: toTwilioStatusCallback(base, correlation) }),
        deps,
      );
    expect((await signedFor('https://own.example')).status).toBe(204);
    expect((await signedFor('https://former.example')).status).toBe(204);
    expect((await signedFor('https://other.example')).status).toBe(403);
    expect(queue.requests).toHaveLength(2);
  });

  it('that names another account than the tenant’s is refused, although the token fits', async () => {
    const { deps, queue } = setUp();
    const form = statusForm('sent').map(([name, value]): readonly [string, string] =>
      name === 'AccountSid' ? [name, `AC${'1'.repeat(32)}`] : [name, value],
    );
    expect((await twilioStatus(call({ form, url: statusUrl }), deps)).status).toBe(403);
    const without = statusForm('sent').filter(([name]) => name !== 'AccountSid');
    expect((await twilioStatus(call({ form: without, url: statusUrl }), deps)).status).toBe(204);
    expect(queue.requests).toHaveLength(1);
  });

  it.each<[string, string, string | undefined, number]>([
    ['1 MB in one parameter', `Body=${'x'.repeat(1_000_000)}`, undefined, 413],
    ['115 KB of parameters', 'a=&'.repeat(38_000), undefined, 413],
    ['235 KB of parameters and a signature', 'a=&'.repeat(78_000), `${'A'.repeat(27)}=`, 413],
    ['one parameter too many', 'a=&'.repeat(300), `${'A'.repeat(27)}=`, 413],
    ['100 KB without a signature', `Body=${'x'.repeat(100_000)}`, undefined, 403],
    ['100 KB with a signature of another shape', `Body=${'x'.repeat(100_000)}`, 'x', 403],
  ])('of %s costs no secret and no signature', async (_what, body, signature, status) => {
    const { deps } = setUp();
    const work: string[] = [];
    const watched = {
      ...deps,
      secrets: {
        get: async (tenantId: string) => {
          work.push('secret');
          return deps.secrets.get(tenantId);
        },
      },
      signed: () => {
        work.push('signature');
        return false;
      },
    };
    const request = { ...call({ form: [], url: statusUrl, signature }), body };
    expect((await twilioStatus(request, watched)).status).toBe(status);
    expect(work).toEqual([]);
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

describe('The parameters of a form', () => {
  it('are read once each, however many there are and however often a name repeats', () => {
    let reads = 0;
    function* counted(names: number, each: number): Generator<readonly [string, string]> {
      for (let no = 0; no < names * each; no += 1) {
        reads += 1;
        yield [`name-${no % names}`, `${no}`];
      }
    }
    expect(Object.keys(parametersOf(counted(20_000, 1)))).toHaveLength(20_000);
    expect(parametersOf(counted(1, 20_000))['name-0']).toHaveLength(20_000);
    expect(reads).toBe(40_000);
  });

  it('keep empty values, repeated ones in their order, and names of any kind', () => {
    const form = new URLSearchParams('a=1&b=&a=2&__proto__=x&a=1');
    expect(Object.entries(parametersOf(form))).toEqual([
      ['a', ['1', '2', '1']],
      ['b', ''],
      ['__proto__', 'x'],
    ]);
  });
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
    ['please stop it', [], 'STOP'],
    ['cancel my order', [], undefined],
    ['YES', [], undefined],
    ['YES', [['OptOutType', 'START']], 'START'],
    ['AUFHÖREN', [], 'STOP'],
    ['HALT', [['OptOutType', 'STOP']], 'STOP'],
    ['constructor', [], undefined],
  ])('that says "%s" wants what it says', async (body, more, optOut) => {
    const { queue } = await hear(inboundForm(body, ...more));
    expect(queue.requests[0]).toHaveProperty('kind', 'reply');
    expect(queue.requests.map((one) => one.kind === 'reply' && one.optOut)).toEqual([optOut]);
  });

  it.each([
    ['longer than a key', '+1'.padEnd(3000, '2')],
    ['with a line break in it', '+12025550123\n'],
  ])(
    'whose sender is %s is answered and dropped, for no table can hold it',
    async (_what, from) => {
      const form = inboundForm('Hi').map(([name, value]): readonly [string, string] =>
        name === 'From' ? [name, from] : [name, value],
      );
      const { answer, queue, observe } = await hear(form);
      expect(answer.status).toBe(200);
      expect(queue.requests).toEqual([]);
      expect(observe.counted('uncorrelated')).toBe(1);
    },
  );

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
