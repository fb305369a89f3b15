import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Found, Person, PersonStore, StoreName } from './ports.ts';

/** Where a walk stopped. */
export const positionSchema = z.object({ store: z.string(), at: z.string().optional() });
export type Position = z.infer<typeof positionSchema>;

export type Walked = {
  readonly notSearched: readonly string[];
  /** Where the next walk goes on; absent once all stores were read. */
  readonly next?: Position;
};

/**
 * Hands everything that the stores have about a person to `take`, page by page, until there is no more, `take`
 * answers false, or the time is up.
 */
export async function walk(
  person: Person,
  stores: readonly PersonStore[],
  {
    from,
    until,
    clock,
  }: { readonly from?: Position; readonly until: number; readonly clock: Clock },
  take: (store: StoreName, items: readonly Found[]) => Promise<boolean>,
): Promise<Walked> {
  const notSearched: string[] = [];
  let position = from ?? startOf(stores);
  while (position !== undefined) {
    const { store: name, at } = position;
    const store = stores.find((each) => each.name === name);
    if (store === undefined) break;
    const page = await store.find(person, at);
    if (page.notSearched !== undefined) notSearched.push(page.notSearched);
    const goesOn = await take(store.name, page.items);
    position =
      page.cursor === undefined
        ? startOf(stores.slice(stores.indexOf(store) + 1))
        : { store: store.name, at: page.cursor };
    if (position !== undefined && (!goesOn || clock() >= until)) {
      return { notSearched, next: position };
    }
  }
  return { notSearched };
}

const startOf = ([first]: readonly PersonStore[]): Position | undefined =>
  first && { store: first.name };
