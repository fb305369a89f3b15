import { MINUTE, SECOND } from '../../domain/clock.ts';
import type { HttpCall } from '../../domain/exchange.ts';
import type { StatusUpdate } from '../../domain/feedback/external-event-request.ts';
import { statusKey } from '../../domain/feedback/external-event-request.ts';
import type { ProviderId } from '../../domain/provider-id.ts';
import { fromScgExternalId } from '../../providers/scg/reference.ts';
import { fromTwilioStatusQuery } from '../../providers/twilio/reference.ts';
import type { ProviderAnswer } from './invocation.ts';
import type { Chance } from './random.ts';
import type { Scenario } from './scenario.ts';
import type { Timeline } from './timeline.ts';

/** A message that a provider took. */
export type Taken = {
  readonly provider: ProviderId;
  readonly id: string;
  readonly guid: string;
  readonly to: string;
  readonly from: string;
  readonly body: string;
  readonly at: number;
};

export const TENANT = 'tenant-a';

type World = {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly scenario: Scenario;
  readonly isCalm: () => boolean;
  /** A callback arrived at its webhook. */
  readonly hear: (update: StatusUpdate) => void;
  readonly taken: (message: Taken) => void;
};

type Fate = 'takes' | 'takes-then-fails' | 'takes-then-resets' | 'takes-then-hangs' | Refusal;
type Refusal = 'fails' | 'throttles' | 'refuses';

/** What both providers have in common: how they treat a request to send, and what they tell of it later. */
function habits({ timeline, chance, scenario, isCalm, hear }: World) {
  const date = () => timeline.now() + scenario.providerAhead;
  const answer = (
    status: number,
    body: object,
    answers: ProviderAnswer['answers'] = 'yes',
  ): ProviderAnswer => ({ status, body, date: date(), answers });
  return {
    date,
    answer,
    fate: (): Fate => {
      if (isCalm() || !chance.happens(scenario.refusals)) return 'takes';
      return chance.pick([
        'takes-then-fails',
        'takes-then-resets',
        'takes-then-hangs',
        'takes-then-resets',
        'fails',
        'throttles',
        'refuses',
      ]);
    },
    /** A list that could not be asked for now, or undefined. */
    listFails: (): ProviderAnswer | undefined =>
      isCalm() || !chance.happens(scenario.refusals / 2)
        ? undefined
        : chance.pick([answer(500, {}), answer(429, {}), answer(200, {}, 'hangs')]),
    /** Tells of a message, in any order and as often as it likes; or never. */
    tell: (words: readonly string[], update: (word: string) => StatusUpdate) => {
      if (!scenario.on.has('callbacks') || chance.happens(0.3)) return;
      for (const word of words) {
        const times = chance.happens(0.2) ? 2 : 1;
        for (let time = 0; time < times; time += 1) {
          const ms = chance.pick([0, 500, 20 * SECOND, 3 * MINUTE]);
          timeline.after(chance.whole(0, ms), () => hear(update(word)));
        }
      }
    },
  };
}

/** What Smart Encoding writes in plainer characters, as far as the texts of the scenarios need it. */
const plainer: Readonly<Record<string, string>> = {
  '•': '*',
  '½': '1/2',
  '¼': '1/4',
  '÷': '/',
  '´': "'",
  '‹': '<',
  '›': '>',
  '“': '"',
  '”': '"',
  '’': "'",
  '–': '-',
  '…': '...',
};
const smartlyEncoded = (text: string): string =>
  [...text].map((character) => plainer[character] ?? character).join('');

/** Twilio: no reference of ours; what it has is listed by recipient. */
export function twilioModel(world: World) {
  const { chance, scenario, taken } = world;
  const { answer, date, fate, listFails, tell } = habits(world);
  const list: { to: string; row: object }[] = [];

  const take = (form: URLSearchParams): string => {
    const id = `SM${String(list.length + 1).padStart(32, '0')}`;
    const callback = new URL(form.get('StatusCallback') ?? '');
    const correlation = fromTwilioStatusQuery(TENANT, callback.searchParams);
    if (correlation === undefined) throw new Error('a message without its correlation');
    const to = form.get('To') ?? '';
    const body = form.get('Body') ?? '';
    const service = form.get('MessagingServiceSid');
    const from = form.get('From') ?? '+12025550199';
    const bare = scenario.on.has('bare-listings') && chance.happens(0.3);
    const lacks = bare ? chance.pick(['date_created', 'to', 'from']) : '';
    const row = {
      sid: id,
      to,
      from,
      messaging_service_sid: service,
      body: scenario.on.has('rewritten-texts') ? smartlyEncoded(body) : body,
      direction: 'outbound-api',
      num_media: '0',
      date_created: new Date(date()).toUTCString(),
      ...(lacks === '' ? {} : { [lacks]: null }),
    };
    list.unshift({ to, row });
    const { guid } = correlation;
    taken({ provider: 'twilio', id, guid, to, from: service ?? from, body, at: date() });
    const last = chance.pick(['delivered', 'undelivered', 'failed']);
    tell(['sent', last], (word) => ({
      ...correlation,
      v: 1,
      kind: 'status',
      key: statusKey({ provider: 'twilio', providerMessageId: id, word }),
      provider: 'twilio',
      channel: 'SMS',
      providerMessageId: id,
      receivedAt: world.timeline.now(),
      word,
      ...(word === 'delivered' || word === 'sent' ? {} : { errorCode: '30003' }),
      address: to,
    }));
    return id;
  };

  const send = (form: URLSearchParams): ProviderAnswer => {
    const how = fate();
    switch (how) {
      case 'fails':
        return answer(500, {});
      case 'throttles':
        return answer(429, { code: 20429 });
      case 'refuses':
        return answer(400, { code: 21606 });
      case 'takes':
        return answer(201, { sid: take(form) });
      case 'takes-then-fails':
        take(form);
        return answer(500, {});
      case 'takes-then-resets':
        return answer(201, { sid: take(form) }, 'resets');
      case 'takes-then-hangs':
        return answer(201, { sid: take(form) }, 'hangs');
    }
  };

  return (call: HttpCall): ProviderAnswer => {
    if (call.method === 'POST') return send(new URLSearchParams(call.body));
    const to = call.url.searchParams.get('To');
    const messages = list.filter((message) => message.to === to).map(({ row }) => row);
    return listFails() ?? answer(200, { messages, next_page_uri: null });
  };
}

/** SCG: what it has is found by our own id. */
export function scgModel(world: World) {
  const { chance, taken } = world;
  const { answer, date, fate, listFails, tell } = habits(world);
  type Row = { id: string; external_id: string; to: string; from: string; created: number };
  const list: (Row & { body: string })[] = [];

  const take = (body: string): string => {
    const { external_id, to, from, body: text } = JSON.parse(body);
    const id = `scg-${list.length + 1}`;
    list.push({ id, external_id, to: to[0], from, created: date(), body: text });
    const correlation = fromScgExternalId(external_id);
    const guid = correlation?.guid ?? '';
    taken({ provider: 'scg', id, guid, to: to[0], from, body: text, at: date() });
    const last = chance.pick(['DELIVERED', 'FAILED', 'READ']);
    tell(['SENT', last], (word) => ({
      v: 1,
      kind: 'status',
      key: statusKey({ provider: 'scg', providerMessageId: id, word }),
      tenantId: TENANT,
      provider: 'scg',
      channel: 'SMS',
      providerMessageId: id,
      receivedAt: world.timeline.now(),
      word,
      guid,
      identityId: correlation?.identityId ?? '',
      externalCode: correlation?.externalCode ?? '',
      responseTrackingCode: '',
      address: to[0],
    }));
    return id;
  };

  const send = (body: string): ProviderAnswer => {
    const how = fate();
    switch (how) {
      case 'fails':
        return answer(500, {});
      case 'throttles':
        return answer(429, {});
      case 'refuses':
        return answer(403, {});
      case 'takes':
        return answer(202, { id: take(body) });
      case 'takes-then-fails':
        take(body);
        return answer(500, {});
      case 'takes-then-resets':
        return answer(202, { id: take(body) }, 'resets');
      case 'takes-then-hangs':
        return answer(202, { id: take(body) }, 'hangs');
    }
  };

  return (call: HttpCall): ProviderAnswer => {
    if (call.method === 'POST') return send(call.body ?? '');
    const asked = call.url.searchParams;
    const [externalId, to, range] = [
      asked.get('external_id'),
      asked.get('to'),
      asked.get('created_date'),
    ];
    const [from, until] = (range ?? '').replace(/[[\]]/g, '').split(',').map(Date.parse);
    const rows = list
      .filter((row) => externalId === null || row.external_id === externalId)
      .filter((row) => to === null || row.to === to)
      .filter(
        ({ created }) =>
          range === null || (created >= (from ?? 0) && created <= (until ?? created)),
      );
    const page = rows.slice(Number(asked.get('offset') ?? 0));
    return listFails() ?? answer(200, { list: page, total: rows.length });
  };
}
