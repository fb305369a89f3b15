import { afterEach, describe, expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import type { InDoubt, LookUp } from '../../../domain/delivery/outcome.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { twilioGateway } from '../../../providers/twilio/gateway.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import {
  type Received,
  type Scripted,
  type ScriptedServer,
  scriptedServer,
} from '../../builders/scripted-server.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { http } from '../../support/http.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const ATTEMPT = { from: BUILT_AT, to: BUILT_AT + 10 * SECOND };
const messagingService = 'MG00000000000000000000000000000001';

type Asked = {
  request?: Partial<MessageRequest>;
  attempt?: Partial<InDoubt>;
  script: (received: Received) => Scripted;
};
async function lookUp({ request = {}, attempt = {}, script }: Asked): Promise<LookUp> {
  server = await scriptedServer(script);
  const gateway = twilioGateway({
    http,
    publicUrl: 'https://connector.example.com',
    clock: () => BUILT_AT + 3 * MINUTE,
    observe: fakeObserve(),
  });
  const secret = {
    twilio_api_url: `${server.url}/twilio`,
    twilio_account_sid: 'AC-one',
    twilio_auth_token: 'token',
  };
  const asked = { ...ATTEMPT, ...attempt };
  return gateway.lookUp(aMessageRequest(request), secret, asked, new AbortController().signal);
}

/** One message as Twilio lists it; by default the one that is asked for. */
const listed = (over: Record<string, unknown> = {}) => ({
  sid: 'SM-ours',
  to: '+12025550123',
  from: '+12025550100',
  messaging_service_sid: null,
  body: aMessageRequest().body,
  direction: 'outbound-api',
  num_media: '0',
  status: 'queued',
  date_created: rfc2822(BUILT_AT + 5 * SECOND),
  date_sent: null,
  ...over,
});
const rfc2822 = (ms: number) => new Date(ms).toUTCString().replace('GMT', '+0000');
const page = (messages: readonly object[], next: string | null = null, at?: number): Scripted => ({
  status: 200,
  headers: { date: new Date(at ?? BUILT_AT + 3 * MINUTE).toUTCString() },
  body: { messages, next_page_uri: next, page: 0 },
});

const found = {
  kind: 'candidates',
  messages: [{ providerMessageId: 'SM-ours', equalSince: expect.any(Number) }],
};
/** It may be the one, and need not be. */
const unsure = { kind: 'candidates', messages: [{ providerMessageId: 'SM-ours' }] };
const absent = { kind: 'absent' };
const lookFor = (
  over: Record<string, unknown>,
  request: Partial<MessageRequest> = {},
  attempt: Partial<InDoubt> = {},
) => lookUp({ request, attempt, script: () => page([listed(over)]) });

test.each([
  ['https://connector.example.com', undefined],
  ['http://127.0.0.1:3000', true],
])('says of messages sent from %s whether they are never reported', async (publicUrl, expected) => {
  const gateway = twilioGateway({
    publicUrl,
    clock: () => BUILT_AT + 3 * MINUTE,
    observe: fakeObserve(),
    http: async () => ({
      kind: 'answer',
      status: 200,
      headers: {},
      body: JSON.stringify({ messages: [listed()] }),
      complete: true,
    }),
  });
  const answer = await gateway.lookUp(
    aMessageRequest(),
    { twilio_account_sid: 'AC-one', twilio_auth_token: 'token' },
    ATTEMPT,
    new AbortController().signal,
  );

  expect(answer).toMatchObject({ kind: 'candidates' });
  expect('isNeverReported' in answer && answer.isNeverReported).toBe(expected ?? false);
});

test('a number of one form is asked for once', async () => {
  expect(await lookUp({ script: () => page([]) })).toEqual(absent);
  expect(server?.received).toHaveLength(1);
});

test('an unclear answer about one form is not made up for by the absence of the other', async () => {
  const script = ({ url }: Received): Scripted =>
    url.searchParams.get('To') === 'whatsapp:+525512345678' ? { status: 503 } : page([]);
  const request = { channel: 'WHATSAPP', to: '+525512345678' } as const;
  expect(await lookUp({ request, script })).toMatchObject({ kind: 'unavailable' });
});

describe('a message is the one that is asked for', () => {
  test('when recipient, sender, text and time fit', async () => {
    expect(await lookFor({})).toEqual(found);
    expect(server?.received[0]?.url.searchParams.get('To')).toBe('+12025550123');
  });

  test.each(['failed', 'undelivered', 'canceled', 'delivered'])(
    'even when it %s since: it had been accepted',
    async (status) => expect(await lookFor({ status })).toEqual(found),
  );

  test('when a Messaging Service chose the sender', async () => {
    const request = { from: messagingService };
    expect(await lookFor({ from: null, messaging_service_sid: messagingService }, request)).toEqual(
      found,
    );
    expect(await lookFor({}, request)).toEqual(absent);
  });

  test.each([
    ['+525512345678', 'whatsapp:+5215512345678'],
    ['+5215512345678', 'whatsapp:+525512345678'],
    ['+5511998765432', 'whatsapp:+551198765432'],
    ['+551198765432', 'whatsapp:+5511998765432'],
    ['+541123456789', 'whatsapp:+5491123456789'],
  ])(
    'when %s is listed in its other form, %s, and the filter compares letter by letter',
    async (to, listedTo) => {
      const message = listed({ to: listedTo, from: 'whatsapp:+12025550100' });
      const script = ({ url }: Received) =>
        page(url.searchParams.get('To') === listedTo ? [message] : []);
      expect(await lookUp({ request: { channel: 'WHATSAPP', to }, script })).toEqual(found);
    },
  );

  test('when the channel’s prefix is on both addresses', async () => {
    const over = { to: 'whatsapp:+12025550123', from: 'whatsapp:+12025550100' };
    expect(await lookFor(over, { channel: 'WHATSAPP' })).toEqual(found);
  });

  test.each([
    ['blanks at the ends', ' Hello  \n', 'Hello'],
    ['typographic signs', '“It’s” here – now…', '"It\'s" here - now...'],
    ['unusual blanks', 'a\u00a0b\u200bc', 'a bc'],
    ['line ends', 'a\r\nb', 'a\nb'],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['a trial account’s prefix', 'Hi', 'Sent from your Twilio trial account - Hi'],
  ])('when Twilio changed %s', async (_, body, stored) => {
    expect(await lookFor({ body: stored }, { body })).toEqual(found);
  });

  test('when Twilio added a line, unless another message has that text', async () => {
    const body = 'Your parcel is on its way.';
    const [message] = found.messages;
    expect(await lookFor({ body: `${body}\nReply STOP to unsubscribe` }, { body })).toEqual({
      ...found,
      messages: [{ ...message, isLonger: true }],
    });
  });

  test.each([
    ['the recipient', { to: '+1202555XXXX' }],
    ['the sender', { from: '+1202555XXXX' }],
    ['both', { to: '+1202555XXXX', from: '+1202555XXXX' }],
  ])('when the account keeps the last digits of %s out of its records', async (_, over) => {
    expect(await lookFor(over)).toEqual(found);
  });

  test('when those digits are hidden behind the channel’s prefix', async () => {
    const over = { to: 'whatsapp:+1202555XXXX', from: 'whatsapp:+12025550100' };
    expect(await lookFor(over, { channel: 'WHATSAPP' })).toEqual(found);
  });

  test.each(['whatsapp:+5215512345678', 'whatsapp:+521551234XXXX'])(
    'when the number is listed as WhatsApp writes it: %s',
    async (to) => {
      const request = { channel: 'WHATSAPP', to: '+525512345678' } as const;
      expect(await lookFor({ to, from: 'whatsapp:+12025550100' }, request)).toEqual(found);
    },
  );

  test('when media alone were sent', async () => {
    const request: Partial<MessageRequest> = { body: '', mediaUrls: ['https://example.com/a.png'] };
    expect(await lookFor({ body: '', num_media: '1' }, request)).toEqual(found);
    expect(await lookFor({ body: '', num_media: '0' }, request)).toEqual(unsure);
    expect(await lookFor({ body: 'other', num_media: '1' }, request)).toEqual(unsure);
  });
});

describe('a message is another one', () => {
  test.each([
    ['recipient', { to: '+12025550199' }],
    ['sender', { from: '+12025550101' }],
    ['recipient, as far as it is shown', { to: '+1202556XXXX' }],
    ['recipient, longer than ours', { to: '+12025550XXXX' }],
    ['recipient, of another channel', { to: 'whatsapp:+1202555XXXX' }],
    ['sender, as far as it is shown', { from: '+1202556XXXX' }],
    ['sender, a name that ends like a hidden number', { from: 'SHOPXXXX' }],
    ['direction', { direction: 'inbound' }],
    ['kind: Twilio’s own answer to a word', { direction: 'outbound-reply' }],
    ['time', { date_created: rfc2822(BUILT_AT - 3 * MINUTE) }],
    ['time, later', { date_created: rfc2822(BUILT_AT + 3 * MINUTE) }],
  ])('of another %s', async (_, over) => {
    expect(await lookFor(over)).toEqual(absent);
  });
});

describe('a message may be the one that is asked for, and is never absent', () => {
  test('when its text is another one', async () => {
    expect(await lookFor({ body: 'Your parcel was delivered.' })).toEqual(unsure);
    expect(await lookFor({ body: 'Hi Ann' }, { body: 'Hi' })).toEqual(unsure);
  });

  test.each(['date_created', 'from', 'body'])(
    'when its %s is null, missing, empty',
    async (name) => {
      for (const value of [null, undefined, '']) {
        expect(await lookFor({ [name]: value })).toEqual(unsure);
      }
    },
  );

  test('when its date cannot be read', async () => {
    expect(await lookFor({ date_created: 'yesterday' })).toEqual(unsure);
  });

  test('when neither its Messaging Service nor its sender is listed', async () => {
    const over = { from: null, messaging_service_sid: null };
    expect(await lookFor(over, { from: messagingService })).toEqual(unsure);
    const missing = { messaging_service_sid: undefined };
    expect(await lookFor(missing, { from: messagingService })).toEqual(unsure);
  });

  test('when the text that was sent is not the one at hand', async () => {
    expect(await lookFor({}, {}, { isOtherContent: true })).toEqual(unsure);
  });
});

describe('what is missing in the list and was asked for', () => {
  test.each([null, undefined, ''])('counts as ours: a recipient that is %j', async (to) => {
    expect(await lookFor({ to })).toEqual(found);
  });

  test.each([null, undefined, ''])('counts as sent: a direction that is %j', async (direction) => {
    expect(await lookFor({ direction })).toEqual(found);
  });
});

test('a message from any sender counts where nobody knows from which one it was sent', async () => {
  const attempt = { isSenderOpen: true };
  expect(await lookFor({ from: '+12025550101' }, {}, attempt)).toEqual(found);
  expect(await lookFor({ from: '+12025550101', body: 'other' }, {}, attempt)).toEqual(unsure);
});

describe('the window', () => {
  test.each([
    ['ten minutes ahead of', 10 * MINUTE],
    ['ten minutes behind', -10 * MINUTE],
  ])('follows a provider’s clock %s ours', async (_, ahead) => {
    const at = BUILT_AT + 3 * MINUTE + ahead;
    const onTime = listed({ date_created: rfc2822(BUILT_AT + 5 * SECOND + ahead) });
    expect(await lookUp({ script: () => page([onTime], null, at) })).toEqual(found);
    const byOurClock = listed({ date_created: rfc2822(BUILT_AT + 5 * SECOND) });
    expect(await lookUp({ script: () => page([byOurClock], null, at) })).toEqual(absent);
  });

  test('gives the time of a message by our clock', async () => {
    const ahead = 10 * MINUTE;
    const onTime = listed({ date_created: rfc2822(BUILT_AT + 5 * SECOND + ahead) });
    const script = () => page([onTime], null, BUILT_AT + 3 * MINUTE + ahead);
    expect(await lookUp({ script })).toMatchObject({
      messages: [{ equalSince: BUILT_AT + 5 * SECOND }],
    });
  });

  test('has two minutes to spare on both sides', async () => {
    expect(await lookFor({ date_created: rfc2822(ATTEMPT.from - 2 * MINUTE) })).toEqual(found);
    expect(await lookFor({ date_created: rfc2822(ATTEMPT.to + 2 * MINUTE) })).toEqual(found);
  });
});

describe('the list', () => {
  const next = '/2010-04-01/Accounts/AC-one/Messages.json?To=%2B12025550123&Page=1&PageToken=PA1';
  const other = listed({ sid: 'SM-other', from: '+12025550101' });

  test('is read to its end, under the secret’s own address', async () => {
    const script = ({ url }: Received) =>
      url.searchParams.has('PageToken') ? page([listed()]) : page([other], next);
    expect(await lookUp({ script })).toEqual(found);
    expect(server?.received.map(({ url }) => url.pathname)).toEqual([
      '/twilio/2010-04-01/Accounts/AC-one/Messages.json',
      '/twilio/2010-04-01/Accounts/AC-one/Messages.json',
    ]);
  });

  test('is not narrowed by the date sent, which a waiting message does not have', async () => {
    await lookFor({});
    const names = [...(server?.received[0]?.url.searchParams.keys() ?? [])];
    expect(names.filter((name) => name.startsWith('DateSent'))).toEqual([]);
  });

  test('cannot lead the credentials to another host', async () => {
    const elsewhere = await scriptedServer(() => page([listed()]));
    const script = ({ url }: Received) =>
      url.searchParams.has('Page')
        ? page([])
        : page([other], `${elsewhere.url}/Messages.json?Page=1`);
    expect(await lookUp({ script })).toEqual(absent);
    expect(elsewhere.received).toEqual([]);
    await elsewhere.close();
  });

  test('without end settles nothing', async () => {
    expect(await lookUp({ script: () => page([other], next) })).toEqual({
      kind: 'candidates',
      messages: [],
      hasMore: true,
    });
  });

  test.each([
    ['texts', { body: '' }],
    ['texts and numbers', { body: '', to: '+1202555XXXX' }],
  ])('of an account that hides %s settles nothing', async (_, over) => {
    expect(await lookFor(over)).toEqual(unsure);
  });
});

describe('the question stays open', () => {
  test.each<[string, Scripted, string]>([
    ['in an outage', { status: 503, body: { code: 20503 } }, '20503'],
    ['when throttled', { status: 429, body: { code: 20429 } }, '20429'],
    ['after a reset', 'reset', 'no-answer'],
    ['when the answer is no list', { status: 200, body: '<html>' }, 'look-up-inconclusive'],
    ['when the answer is another thing', { status: 200, body: {} }, 'look-up-inconclusive'],
  ])('%s', async (_, script, code) => {
    expect(await lookUp({ script: () => script })).toMatchObject({
      kind: 'unavailable',
      failure: { code },
    });
  });

  test('when the credentials are refused, and a fresh secret may cure that', async () => {
    const script = () => ({ status: 401, body: { code: 20003 } });
    expect(await lookUp({ script })).toMatchObject({ kind: 'unavailable', authentication: true });
  });
});
