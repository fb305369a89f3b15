import { afterEach, describe, expect, test } from 'vitest';
import { MINUTE } from '../../../domain/clock.ts';
import type { LookUp } from '../../../domain/delivery/outcome.ts';
import { scgGateway } from '../../../providers/scg/gateway.ts';
import { toScgExternalId } from '../../../providers/scg/reference.ts';
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

const request = aMessageRequest({ provider: 'scg', channel: 'WHATSAPP' });
const ours = { id: 'ours', external_id: toScgExternalId(request) };
const other = { id: 'other', external_id: 'identity-2|TSK_202|tenant-a|guid-2' };
const nameless = { id: 'nameless' };

async function lookUp(script: (request: Received) => Scripted): Promise<LookUp> {
  server = await scriptedServer(script);
  const secret = { scg_api_url: server.url, scg_access_token: 'token' };
  const window = { from: BUILT_AT, to: BUILT_AT + MINUTE };
  const gateway = scgGateway({ http, clock: () => BUILT_AT + 3 * MINUTE, observe: fakeObserve() });
  return gateway.lookUp(request, secret, window, new AbortController().signal);
}

const list = (rows: readonly object[], total?: number): Scripted => ({
  status: 200,
  headers: { date: new Date(BUILT_AT + 3 * MINUTE).toUTCString() },
  body: { list: rows, ...(total === undefined ? {} : { total }) },
});
const byExternalId = ({ url }: Received) => url.searchParams.has('external_id');
/** A server that knows no filter `external_id`: what it says then, and what of the recipient. */
const unfiltered =
  (first: Scripted, then: (offset: number) => Scripted) =>
  (received: Received): Scripted =>
    byExternalId(received) ? first : then(Number(received.url.searchParams.get('offset')));

test('a message with our reference was accepted', async () => {
  expect(await lookUp(() => list([ours]))).toEqual({
    kind: 'accepted',
    providerMessageId: 'ours',
  });
  expect(server?.received[0]?.url.searchParams.get('external_id')).toBe(ours.external_id);
});

test('no row at all is absent once the recipient’s requests show none either', async () => {
  expect(await lookUp(() => list([]))).toEqual({ kind: 'absent' });
  const [first, second, ...more] = server?.received ?? [];
  expect(first?.url.searchParams.has('external_id')).toBe(true);
  expect(second?.url.searchParams.get('to')).toBe('wa:+12025550123');
  expect(second?.url.searchParams.has('created_date')).toBe(true);
  expect(more).toEqual([]);
});

test('a filter that always finds nothing does not hide our request', async () => {
  expect(await lookUp(unfiltered(list([]), () => list([ours], 1)))).toMatchObject({
    kind: 'accepted',
  });
});

test('a message that is found costs one call', async () => {
  await lookUp(() => list([ours]));
  expect(server?.received).toHaveLength(1);
});

describe('a request that SCG rejected after it had taken it', () => {
  const within = new Date(BUILT_AT + MINUTE).toISOString();
  const rejected = { ...ours, state: 'REJECTED', created_date: within };

  test.each([
    [{}, 'config', 'REJECTED'],
    [{ failure_code: 'OTHER', failure_details: 'x' }, 'config', 'OTHER'],
    [{ failure_code: 'INVALID_RECIPIENT' }, 'permanent', '1002'],
    [{ failure_code: 'NO_CONSENT' }, 'opted-out', '1005'],
    [{ failure_code: 1009 }, 'config', '1009'],
    [{ created_date: null }, 'config', 'REJECTED'],
  ])('is a refusal: %j', async (fields, failureClass, code) => {
    expect(await lookUp(() => list([{ ...rejected, ...fields }]))).toMatchObject({
      kind: 'rejected',
      failure: { class: failureClass, code },
    });
  });

  test('is found by its recipient too', async () => {
    expect(await lookUp(unfiltered(list([]), () => list([rejected], 1)))).toMatchObject({
      kind: 'rejected',
    });
  });

  test('gives way to one that was taken', async () => {
    expect(await lookUp(() => list([rejected, { ...ours, state: 'ACCEPTED' }]))).toMatchObject({
      kind: 'accepted',
    });
  });

  test('says nothing of an attempt after it', async () => {
    const earlier = { ...rejected, created_date: new Date(BUILT_AT - 60 * MINUTE).toISOString() };
    expect(await lookUp(() => list([earlier], 1))).toEqual({ kind: 'absent' });
  });
});

test('rows of others are not believed; the recipient’s messages are read', async () => {
  const found = await lookUp(unfiltered(list([other]), () => list([other, ours], 2)));
  expect(found).toEqual({ kind: 'accepted', providerMessageId: 'ours' });
  const asked = server?.received[1]?.url.searchParams;
  expect(asked?.get('to')).toBe('wa:+12025550123');
});

test('a filter that is refused leads there too', async () => {
  const found = await lookUp(unfiltered({ status: 400 }, () => list([ours], 1)));
  expect(found).toMatchObject({ kind: 'accepted' });
});

test('the range is asked for on SCG’s clock, with two minutes to spare', async () => {
  const date = new Date(BUILT_AT + 13 * MINUTE).toUTCString();
  await lookUp(
    unfiltered({ status: 200, headers: { date }, body: { list: [other] } }, () => list([], 0)),
  );
  // SCG's clock is ten minutes ahead of ours.
  expect(server?.received[1]?.url.searchParams.get('created_date')).toBe(
    `[${new Date(BUILT_AT + 8 * MINUTE).toISOString()},${new Date(BUILT_AT + 13 * MINUTE).toISOString()}]`,
  );
});

test('it is absent once all of the recipient’s messages were read', async () => {
  const pages = [[other, other], [other]];
  const found = await lookUp(
    unfiltered(list([other]), (offset) => list(pages[offset === 0 ? 0 : 1] ?? [], 3)),
  );
  expect(found).toEqual({ kind: 'absent' });
  expect(server?.received).toHaveLength(3);
});

test('without a total the list ends with an empty page, not with a short one', async () => {
  const found = await lookUp(
    unfiltered(list([other]), (offset) => list([[other], [ours]][offset] ?? [])),
  );
  expect(found).toMatchObject({ kind: 'accepted' });
});

test('a list without end settles nothing', async () => {
  const found = await lookUp(unfiltered(list([other]), () => list([other])));
  expect(found).toMatchObject({
    kind: 'unavailable',
    failure: { class: 'unknown', code: 'look-up-inconclusive' },
  });
});

test('rows that do not show references settle nothing', async () => {
  const found = await lookUp(unfiltered(list([nameless]), () => list([nameless], 1)));
  expect(found).toMatchObject({ failure: { code: 'look-up-inconclusive' } });
});

test.each<[string, Scripted, string]>([
  ['an outage', { status: 503, body: { error_code: 'SCG_ERROR_5030' } }, 'SCG_ERROR_5030'],
  ['throttling', { status: 429 }, 'http-429'],
  ['a reset', 'reset', 'no-answer'],
  ['an answer that is no list', { status: 200, body: '<html>' }, 'look-up-inconclusive'],
])('%s leaves the question open', async (_, script, code) => {
  expect(await lookUp(() => script)).toMatchObject({ kind: 'unavailable', failure: { code } });
});

test('an expired token leaves it open, and asks for a fresh secret', async () => {
  const found = await lookUp(() => ({ status: 404, body: { error_code: 'SCG_ERROR_4046' } }));
  expect(found).toMatchObject({ kind: 'unavailable', authentication: true });
});
