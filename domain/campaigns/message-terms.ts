import * as z from 'zod';
import { DAY } from '../clock.ts';
import { fnv1a } from '../fnv1a.ts';

/*
 * The index over messages. A message is found by its terms: the hash of its address, its identity, task
 * and provider's id. The terms of all messages of one batch of the stream are written together, in few
 * items, so that a message costs a part of a write.
 */

/** A delivery as far as it is searched for. */
export const searchedSchema = z.object({
  tenantId: z.string(),
  guid: z.string(),
  addressHash: z.string().optional(),
  identityId: z.string().default(''),
  taskId: z.string().default(''),
  externalCode: z.string().default(''),
  providerMessageId: z.string().optional(),
  createdAt: z.number(),
});
export type Searched = z.infer<typeof searchedSchema>;

const termKinds = ['number', 'identity', 'task', 'message'] as const;
export type TermKind = (typeof termKinds)[number];
/** `number` takes the hash of the address. */
export type Term = { readonly kind: TermKind; readonly value: string };

/** The terms by which a delivery is found. */
export const termsOf = (delivery: Searched): readonly Term[] => [
  ...term('number', delivery.addressHash),
  ...term('identity', delivery.identityId),
  ...term('task', delivery.taskId),
  ...(delivery.externalCode === delivery.taskId ? [] : term('task', delivery.externalCode)),
  ...term('message', delivery.providerMessageId),
];

const term = (kind: TermKind, value: string | undefined): Term[] =>
  value ? [{ kind, value }] : [];

/** Whether a delivery has a term: the index knows only a short hash of it. */
export const hasTerm = (delivery: Searched, { kind, value }: Term): boolean =>
  termsOf(delivery).some((own) => own.kind === kind && own.value === value);

const hashOf = (tenantId: string, { kind, value }: Term): number =>
  fnv1a(JSON.stringify([tenantId, kind, value]));
export const hexOf = (tenantId: string, of: Term): string =>
  hashOf(tenantId, of).toString(16).padStart(8, '0');

/** Into how many slots the terms of a batch are spread. A reader looks into the term's slot of each. */
export const spreads = [1, 8, 64] as const;
/** A posting is the short hash of a term and a guid. */
const POSTING_BYTES = 50;
/** What one write unit pays for. */
const UNIT_BYTES = 1024;

export const slotOf = (tenantId: string, of: Term, spread: number): number =>
  hashOf(tenantId, of) % spread;

/** As many slots as are filled: with one message a single item, with hundreds up to 64 of a kilobyte or more. */
const spreadFor = (postings: number): number =>
  spreads.findLast((spread) => (postings * POSTING_BYTES) / spread >= UNIT_BYTES) ?? 1;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The days on which a message that is still kept was created, the latest first. */
export const keptDays = (now: number, deliveryTtlSeconds: number): string[] =>
  Array.from({ length: Math.ceil(deliveryTtlSeconds / (DAY / 1000)) + 1 }, (_, ago) =>
    dayOf(now - ago * DAY),
  );

/** An item of the index: guids by the short hash of a term. */
export type IndexItem = {
  readonly tenantId: string;
  readonly day: string;
  readonly spread: number;
  readonly slot: number;
  readonly guids: Readonly<Record<string, readonly string[]>>;
};

/** The items that make the deliveries of a batch found by terms that they did not have before. */
export function indexItems(
  changes: readonly { readonly before: Searched | undefined; readonly after: Searched }[],
): IndexItem[] {
  const postings = changes.flatMap(({ before, after }) =>
    termsOf(after)
      .filter((of) => before === undefined || !hasTerm(before, of))
      .map((of) => ({
        tenantId: after.tenantId,
        day: dayOf(after.createdAt),
        of,
        guid: after.guid,
      })),
  );
  const together = Map.groupBy(postings, ({ tenantId, day }) => `${tenantId}#${day}`);
  return [...together.values()].flatMap((group) => {
    const spread = spreadFor(group.length);
    const slots = Map.groupBy(group, ({ tenantId, of }) => slotOf(tenantId, of, spread));
    return [...slots].flatMap(([slot, entries]) => {
      const [first] = entries;
      if (first === undefined) return [];
      const byTerm = Map.groupBy(entries, ({ tenantId, of }) => hexOf(tenantId, of));
      const guids = Object.fromEntries(
        [...byTerm].map(([hex, found]) => [hex, [...new Set(found.map(({ guid }) => guid))]]),
      );
      return [{ tenantId: first.tenantId, day: first.day, spread, slot, guids }];
    });
  });
}

/** Where a search goes on: the guids of this item from this one on. */
export const searchPositionSchema = z.object({
  day: z.string(),
  spread: z.number(),
  part: z.string(),
  from: z.number(),
});
export type SearchPosition = z.infer<typeof searchPositionSchema>;
export type Found = { readonly guid: string; readonly next: SearchPosition };

/** The index. Throws `Unavailable`. */
export type MessageIndex = {
  /** Stores the items of a batch under its name; the same batch again replaces them. */
  readonly put: (items: readonly IndexItem[], batch: string) => Promise<void>;
  /** Guids of messages that may have the term, the latest days first; some may come twice. */
  readonly find: (tenantId: string, of: Term, from?: SearchPosition) => AsyncIterable<Found>;
};
