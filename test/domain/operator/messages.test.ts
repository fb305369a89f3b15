import { describe, expect, it } from 'vitest';
import type { MessageIndex, Term } from '../../../domain/campaigns/message-terms.ts';
import { noted } from '../../../domain/delivery/history.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { service } from './service.ts';

const createdAt = Date.UTC(2026, 10, 20, 9);
const messages = Array.from({ length: 5 }, (_, n) =>
  aDelivery({
    ...{ deliveryId: `tenant-a#g${n}`, tenantId: 'tenant-a', guid: `g${n}`, taskId: 'task-1' },
    ...{ addressHash: '#+12025550123', identityId: 'person-1', createdAt: createdAt + n },
  }),
);

/** An index that finds all of them, whatever is asked for, and one that is gone. */
function anIndex() {
  const asked: Term[] = [];
  const index: Pick<MessageIndex, 'find'> = {
    find: async function* (_tenantId, term, from) {
      asked.push(term);
      const guids = [...messages.map(({ guid }) => guid), 'gone'];
      for (let at = from?.from ?? 0; at < guids.length; at += 1) {
        const next = { day: '2026-11-20', spread: 1, part: 'p', from: at + 1 };
        yield { guid: guids[at] ?? '', next };
      }
    },
  };
  return { index, asked };
}

const aService = async () => {
  const { index, asked } = anIndex();
  const made = service([], { index });
  for (const message of messages) await made.w.deliveries.insert({ ...message, version: 1 });
  return { ...made, asked };
};

describe('finding messages', () => {
  it('looks for a number by its hash, and shows neither', async () => {
    const { call, asked } = await aService();
    const answer = await call('POST /messages/find', { body: { number: '(202) 555-0123' } });
    expect(asked).toEqual([{ kind: 'number', value: '#+12025550123' }]);
    expect(answer.body.items).toHaveLength(5);
    expect(answer.body.items).toMatchObject([{ guid: 'g4' }, {}, {}, {}, { guid: 'g0' }]);
    expect(JSON.stringify(answer.body)).not.toMatch(/5550123/);
  });

  it('shows only messages that have what is searched for: the index may be wrong', async () => {
    const { call } = await aService();
    const { body } = await call('GET /messages', { query: { identity: 'person-2' } });
    expect(body).toMatchObject({ items: [], keptSince: expect.any(String) });
  });

  it('goes on where a page ended', async () => {
    const { call } = await aService();
    const first = await call('GET /messages', { query: { task: 'task-1', limit: '3' } });
    expect(first.body.items).toHaveLength(3);
    const cursor = String(first.body.cursor);
    const rest = await call('GET /messages', { query: { task: 'task-1', limit: '3', cursor } });
    expect(rest.body.items).toHaveLength(2);
    expect(rest.body).not.toHaveProperty('cursor');
    const other = await call('GET /messages', { query: { task: 'task-2', limit: '3', cursor } });
    expect(other.status).toBe(400);
  });

  it('finds a message by its guid without the index', async () => {
    const { call, asked } = await aService();
    const { body } = await call('GET /messages', { query: { guid: 'g3' } });
    expect(body.items).toMatchObject([{ guid: 'g3', taskId: 'task-1' }]);
    expect(asked).toEqual([]);
  });

  it.each([{}, { guid: 'g1', task: 'task-1' }])('wants one thing: %j', async (query) => {
    const { call } = await aService();
    expect((await call('GET /messages', { query })).status).toBe(422);
  });

  it('says that search is off', async () => {
    const { call } = service([]);
    expect(await call('GET /messages', { query: { task: 'task-1' } })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('message_search is off') } },
    });
  });

  it('is nobody else’s', async () => {
    const { call } = await aService();
    const query = { tenantId: 'tenant-b', task: 'task-1' };
    expect((await call('GET /messages', { query })).status).toBe(403);
    const show = { params: { guid: 'g1' }, query: { tenantId: 'tenant-b' } };
    expect((await call('GET /messages/{guid}', show)).status).toBe(403);
  });
});

describe('the story of a message', () => {
  it('is everything that is known of it, in the order of time', async () => {
    const { call, w } = service([]);
    const claimed = noted(
      aDelivery({ ...messages[0], acceptedAt: createdAt - 500 }),
      'claimed',
      createdAt,
    );
    const sent = noted(claimed, 'accepted', createdAt + 200);
    await w.deliveries.insert({
      ...noted(sent, 'reported', createdAt + 900, 'delivered'),
      version: 1,
    });
    const { body } = await call('GET /messages/{guid}', { params: { guid: 'g0' } });
    expect(body).toMatchObject({
      message: { guid: 'g0' },
      failedRequest: null,
      story: [
        { what: 'received', at: '2026-11-20T08:59:59.500Z' },
        { what: 'claimed', at: '2026-11-20T09:00:00.000Z' },
        { what: 'accepted', at: '2026-11-20T09:00:00.200Z' },
        { what: 'reported', at: '2026-11-20T09:00:00.900Z', detail: 'delivered' },
      ],
    });
  });

  it('says where a message may be that is not there', async () => {
    const { call } = service([]);
    expect(await call('GET /messages/{guid}', { params: { guid: 'nobody' } })).toMatchObject({
      status: 404,
      body: { error: { message: expect.stringContaining('may still be in the queue') } },
    });
  });
});
