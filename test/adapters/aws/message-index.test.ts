import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashAddress } from '../../../adapters/aws/address-hash.ts';
import { messageIndex } from '../../../adapters/aws/message-index.ts';
import {
  type Found,
  indexItems,
  type Searched,
  type SearchPosition,
  type Term,
  termsOf,
} from '../../../domain/campaigns/message-terms.ts';
import { startTables } from '../../support/aws.ts';

let tables: Awaited<ReturnType<typeof startTables>>;
beforeAll(async () => {
  tables = await startTables();
});
afterAll(() => tables.close());

const DAY = 86_400_000;
const now = Date.UTC(2026, 10, 20, 12);
const searched = (guid: string, overrides: Partial<Searched> = {}): Searched => ({
  ...{ tenantId: 'tenant-a', guid, addressHash: 'hash-1', identityId: 'person-1' },
  ...{ taskId: 'task-1', externalCode: 'TSK_1', createdAt: now },
  ...overrides,
});
const inserted = (messages: readonly Searched[]) =>
  messages.map((after) => ({ before: undefined, after }));

async function anIndex() {
  const table = await tables.create('MessagesTable');
  return messageIndex(tables.client, table, { clock: () => now, ttlSeconds: 5 * 86_400 });
}

async function guidsOf(found: AsyncIterable<Found>): Promise<string[]> {
  const all: Found[] = [];
  for await (const one of found) all.push(one);
  return all.map(({ guid }) => guid);
}

describe('the index of messages', () => {
  it('finds a message by each of its terms, of its own tenant alone', async () => {
    const index = await anIndex();
    const message = searched('one', { providerMessageId: 'SM1' });
    const other = searched('two', { tenantId: 'tenant-b', providerMessageId: 'SM1' });
    await index.put(indexItems(inserted([message, other])), 'batch-1');
    for (const term of termsOf(message)) {
      expect(await guidsOf(index.find('tenant-a', term))).toEqual(['one']);
    }
    expect(await guidsOf(index.find('tenant-a', { kind: 'task', value: 'task-2' }))).toEqual([]);
  });

  it('is written again only for what is new', () => {
    const before = searched('one');
    const after = searched('one', { providerMessageId: 'SM1' });
    expect(indexItems([{ before, after: before }])).toEqual([]);
    expect(indexItems([{ before, after }])).toMatchObject([{ spread: 1, slot: 0 }]);
  });

  it('costs at most one write unit a message, and far less in a campaign', () => {
    const units = (count: number) =>
      indexItems(
        inserted(
          Array.from({ length: count }, (_, n) =>
            searched(`0b6f1f0e-6f57-4f3a-8d3e-${String(n).padStart(12, '0')}`, {
              ...{ addressHash: `hash-${n}`, identityId: `person-${n}` },
              providerMessageId: `SM${n}`,
            }),
          ),
        ),
      ).reduce((sum, item) => sum + Math.ceil((JSON.stringify(item).length + 100) / 1024), 0);
    expect(units(1)).toBe(1);
    expect(units(10)).toBeLessThanOrEqual(10);
    expect(units(170)).toBeLessThan(170 * 0.6);
    expect(units(1000)).toBeLessThan(1000 * 0.35);
  });

  it('finds everything page by page, whatever the batches and pages, and nothing twice but for repeated batches', async () => {
    const batches = fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 120 }), ago: fc.nat(4) }),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(batches, fc.integer({ min: 1, max: 50 }), async (all, pageSize) => {
        const index = await anIndex();
        const expected: string[] = [];
        for (const [no, { size, ago }] of all.entries()) {
          const messages = Array.from({ length: size }, (_, n) =>
            searched(`${no}-${n}`, { createdAt: now - ago * DAY, addressHash: `hash-${no}-${n}` }),
          );
          expected.push(...messages.map(({ guid }) => guid));
          await index.put(indexItems(inserted(messages)), `batch-${no}`);
        }
        const term: Term = { kind: 'task', value: 'task-1' };
        const read: string[] = [];
        let from: SearchPosition | undefined;
        do {
          const page: Found[] = [];
          for await (const found of index.find('tenant-a', term, from)) {
            page.push(found);
            if (page.length === pageSize) break;
          }
          read.push(...page.map(({ guid }) => guid));
          from = page.length === pageSize ? page.at(-1)?.next : undefined;
        } while (from !== undefined);
        expect(read.toSorted()).toEqual(expected.toSorted());
      }),
      { numRuns: 10 },
    );
  });
});

describe('the hash of an address', () => {
  const hash = hashAddress({ fetch: async () => 'secret', secretId: 's', clock: () => now });

  it('is the same for all forms of a number, and another for each tenant, number and secret', async () => {
    const one = await hash('tenant-a', '+525512345678');
    expect(one).toMatch(/^[\w-]{16}$/);
    expect(await hash('tenant-a', 'whatsapp:+5215512345678')).toBe(one);
    const others = [
      await hash('tenant-b', '+525512345678'),
      await hash('tenant-a', '+525512345679'),
      await hashAddress({ fetch: async () => 'other', secretId: 's', clock: () => now })(
        'tenant-a',
        '+525512345678',
      ),
    ];
    expect(new Set([one, ...others]).size).toBe(4);
  });

  it('is undefined while the secret cannot be read, and made once it can', async () => {
    let isDown = true;
    const fetch = async () => {
      if (isDown) throw new Error('down');
      return 'secret';
    };
    let time = now;
    const trying = hashAddress({ fetch, secretId: 's', clock: () => time });
    expect(await trying('tenant-a', '+12025550100')).toBeUndefined();
    isDown = false;
    // Nobody waits for it again at once.
    expect(await trying('tenant-a', '+12025550100')).toBeUndefined();
    time += 30_000;
    expect(await trying('tenant-a', '+12025550100')).toBe(await hash('tenant-a', '+12025550100'));
  });
});
