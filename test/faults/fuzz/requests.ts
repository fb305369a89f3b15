import fc from 'fast-check';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { outboundEvent } from '../../../local/demo/event.ts';
import { localKeys } from '../../../local/secrets.ts';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { tenants } from '../rig/campaign.ts';

/** Is in every text that is posted, so that it can be looked for in the logs. */
export const TEXT_MARK = 'Zwetschgenknoedel';
/** All numbers that are posted begin so. */
export const NUMBER_MARK = '20255501';

export type FuzzRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

const number = fc
  .integer({ min: 0, max: 69 })
  .map((n) => `+1${NUMBER_MARK}${String(n).padStart(2, '0')}`);
const tenantId = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<string>(...tenants) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
);
const word = fc.oneof(
  fc.string({ maxLength: 30 }),
  fc.constantFrom('', ' ', '0', 'null', '__proto__', '😀', '\u0000', '..'),
);
const text = fc.tuple(word, word).map(([before, after]) => `${before}${TEXT_MARK}${after}`);

const creative = fc.oneof(
  fc.tuple(number, text).map(([to, body]) => `TO:${to};${body}`),
  fc
    .tuple(word, number, word, text)
    .map(([key, to, from, body]) => `${key}:${to};FROM:${from};${body}`),
  fc
    .tuple(number, text, fc.webUrl())
    .map(([to, body, url]) => JSON.stringify({ to, body, media_urls: url })),
  text,
);

const event = fc
  .record({
    guid: fc.oneof(fc.uuid(), word),
    tenantId,
    creative,
    generatedAt: fc.oneof(
      { weight: 4, arbitrary: fc.constant(Date.now()) },
      { weight: 1, arbitrary: fc.double() },
    ),
  })
  .map(({ guid, tenantId: tenant, creative: content, generatedAt }) =>
    outboundEvent({
      guid,
      tenantId: tenant,
      identityId: 'identity',
      creative: content,
      generatedAt,
      responseTrackingCode: 'rtc',
    }),
  );

/** An event of which one member is something else, or gone. */
const bentEvent = fc
  .tuple(event, fc.nat({ max: 60 }), fc.jsonValue({ maxDepth: 2 }), fc.boolean())
  .map(([whole, at, value, isGone]) => {
    const keys = Object.keys(whole);
    const key = keys[at % keys.length] ?? 'guid';
    const { [key as keyof typeof whole]: _old, ...rest } = whole;
    return isGone ? rest : { ...rest, [key]: value };
  });

function queryOf(pairs: readonly (readonly [string, string])[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const [key, value] of pairs) query.append(key, value.toWellFormed());
  return query;
}

const fields = [
  'MessageSid',
  'MessageStatus',
  'From',
  'To',
  'Body',
  'ErrorCode',
  'AccountSid',
  'NumMedia',
  'OptOutType',
  'Location',
  'Worker',
  'CustomerId',
  'PageSize',
  'EventType',
  'ConversationSid',
  'Author',
] as const;
const statuses = [
  'queued',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'read',
  'nonsense',
] as const;
const form = fc
  .array(
    fc.tuple(
      fc.constantFrom(...fields),
      fc.oneof(number, text, word, fc.constantFrom(...statuses)),
    ),
    { maxLength: 10 },
  )
  .map((pairs) => queryOf(pairs));

const scgEvent = fc.record(
  {
    topic: fc.oneof(fc.constantFrom('SCG-Message', 'SCG-Reply'), word),
    'event-id': word,
    event: fc.record(
      {
        'fld-val-list': fc.dictionary(
          fc.constantFrom(
            'message_id',
            'new_state',
            'external_id',
            'from_address',
            'to_address',
            'message_body',
            'state',
          ),
          fc.oneof(
            word,
            number,
            text,
            fc.constantFrom('SENT', 'DELIVERED', 'FAILED'),
            fc.tuple(word, word, tenantId, word).map((p) => p.join('|')),
          ),
        ),
        'evt-tp': fc.oneof(fc.constantFrom('message_state_change', 'mo_message_received'), word),
        timestamp: fc.oneof(word, fc.double()),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const json = (of: fc.Arbitrary<unknown>) => of.map((value) => JSON.stringify(value) ?? '');
/** A JSON text cut off somewhere. */
const cut = fc.tuple(json(event), fc.nat({ max: 3000 })).map(([whole, at]) => whole.slice(0, at));
const operatorBody = fc.record(
  {
    tenantId,
    class: word,
    rate: fc.double(),
    canary: fc.integer(),
    dryRun: fc.boolean(),
    since: word,
    cursor: word,
    status: word,
  },
  { requiredKeys: [] },
);

const body: fc.Arbitrary<string | undefined> = fc.oneof(
  { weight: 4, arbitrary: json(event) },
  { weight: 4, arbitrary: json(bentEvent) },
  { weight: 3, arbitrary: form.map(String) },
  { weight: 3, arbitrary: json(fc.oneof(scgEvent, fc.array(scgEvent, { maxLength: 3 }))) },
  { weight: 2, arbitrary: json(operatorBody) },
  { weight: 1, arbitrary: json(fc.jsonValue()) },
  { weight: 1, arbitrary: cut },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.constant('['.repeat(20_000)) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

const scgCredentials = Buffer.from('tenant-a-scg:tenant-a-scg-webhook-password').toString('base64');
const authorization = fc.constantFrom<Record<string, string>>(
  { 'x-api-key': localKeys.connector },
  { 'x-api-key': localKeys.operator },
  { authorization: `Bearer ${localKeys.connector}` },
  { authorization: `Bearer ${localKeys.operator}` },
  { authorization: `Basic ${scgCredentials}` },
  { authorization: 'Basic ???' },
  { 'x-twilio-signature': 'wrong' },
  {},
);
const contentType = fc.constantFrom(
  'application/json',
  'text/plain;charset=utf-8',
  'application/x-www-form-urlencoded',
  'nonsense',
);

type Kind = {
  readonly body: fc.Arbitrary<string | undefined>;
  readonly headers: Readonly<Record<string, string>>;
  readonly isSigned?: true;
};

const asForm = { 'content-type': 'application/x-www-form-urlencoded' };
const asJson = { 'content-type': 'application/json' };
const scgBody = json(fc.oneof(scgEvent, fc.array(scgEvent, { maxLength: 3 })));

/** What a route's honest caller presents. */
function honest(route: string): Kind {
  const [, path = ''] = route.split(' ');
  if (path === '/twilio/messages' || path === '/scg/messages') {
    return {
      body: json(fc.oneof(event, bentEvent)),
      headers: { ...asJson, 'x-api-key': localKeys.connector },
    };
  }
  if (path.startsWith('/webhooks/scg')) {
    return { body: scgBody, headers: { ...asJson, authorization: `Basic ${scgCredentials}` } };
  }
  if (path.startsWith('/webhooks/twilio') || path.startsWith('/frontline')) {
    return { body: form.map(String), headers: asForm, isSigned: true };
  }
  if (path.startsWith('/flex')) {
    return {
      body: json(fc.jsonValue()),
      headers: { ...asJson, 'x-api-key': localKeys.connector },
    };
  }
  return { body: json(operatorBody), headers: { ...asJson, 'x-api-key': localKeys.operator } };
}

/** Anything from anybody. */
const stranger: fc.Arbitrary<{ body: string | undefined; headers: Record<string, string> }> = fc
  .record({ body, authorization, contentType })
  .map(({ body: content, authorization: auth, contentType: type }) => ({
    body: content,
    headers: { ...auth, 'content-type': type },
  }));

const queryNames = fc.constantFrom(
  'tenantId',
  'status',
  'limit',
  'cursor',
  'guid',
  'id',
  'code',
  'rtc',
  'group',
);
const query = fc.oneof(
  fc.dictionary(queryNames, word, { maxKeys: 4 }),
  fc.constant({ tenantId: tenants[0] }),
);

/** Requests to these routes (`POST /flex/{tenantId}/…`) as they may come: honest, bent or hostile. */
export function requestTo(
  routeKeys: readonly string[],
  publicUrl: string,
): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(...routeKeys.map((route) => requestToRoute(route, publicUrl)));
}

function requestToRoute(route: string, publicUrl: string): fc.Arbitrary<FuzzRequest> {
  const [method = 'GET', pattern = '/'] = route.split(' ');
  const kind = honest(route);
  const target = fc
    .record({
      first: tenantId,
      second: fc.oneof(word, fc.uuid(), fc.constantFrom(...frontlineCallbacks)),
      query,
    })
    .map(({ first, second, query: pairs }) => {
      const values = pattern.includes('{tenantId}') ? [first, second] : [second];
      let next = 0;
      const path = pattern.replaceAll(/\{[^}]+\}/g, () => encode(values[next++] ?? ''));
      const search = queryOf(Object.entries(pairs));
      return search.size > 0 ? `${path}?${search}` : path;
    });
  const sender = fc.oneof(
    {
      weight: 3,
      arbitrary: kind.body.map((content) => ({
        body: content,
        headers: kind.headers,
        isSigned: kind.isSigned === true,
      })),
    },
    { weight: 1, arbitrary: stranger.map((from) => ({ ...from, isSigned: false })) },
  );
  return fc.tuple(target, sender).map(([path, { body: content, headers, isSigned }]) => ({
    method,
    path,
    headers: isSigned
      ? { ...headers, 'x-twilio-signature': signatureOf(publicUrl + path, content ?? '') }
      : headers,
    body: method === 'GET' || method === 'OPTIONS' ? undefined : content,
  }));
}

const frontlineCallbacks = [
  'crm',
  'outgoing-conversation',
  'routing',
  'templates',
  'twilio-conversations',
] as const;

/** A segment that fetch leaves as it is: dots would be resolved before they are sent. */
const encode = (segment: string): string =>
  encodeURIComponent(segment.toWellFormed()).replaceAll('.', '%2E') || 'empty';

/** As Twilio signs for the first tenant; on another tenant's route it is a forgery. */
const signatureOf = (url: string, formText: string): string =>
  webhooks.getExpectedTwilioSignature(
    simulatorSecret('http://127.0.0.1', tenants[0]).twilio_auth_token ?? '',
    url,
    Object.fromEntries(new URLSearchParams(formText)),
  );
