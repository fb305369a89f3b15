import * as z from 'zod';
import {
  hasTerm,
  type MessageIndex,
  type SearchPosition,
  searchPositionSchema,
  type Term,
} from '../../campaigns/message-terms.ts';
import type { Delivery } from '../../delivery/delivery.ts';
import { parseJson } from '../../json.ts';
import { deliveryIdOf } from '../../outbound/message-request.ts';
import type { Found, FoundPage, Person, PersonStore } from '../ports.ts';
import { type DeliveryDeps, dataOfDelivery, eraseDelivery } from './delivery.ts';

type Deps = DeliveryDeps & {
  /** The search for messages; both are absent while `message_search` is off. */
  readonly index: MessageIndex | undefined;
  readonly hashAddress:
    | ((tenantId: string, address: string) => Promise<string | undefined>)
    | undefined;
};

/** Deliveries of one page. */
const PAGE = 100;

const NO_SEARCH =
  'message_search is off: of the deliveries, only those of failed and held messages were searched.';
const NO_HASH =
  'The secret for hashing numbers cannot be read: deliveries were searched by identity only.';

/** Deliveries hold no number. The search finds them by a keyed hash of it and by the person's identity. */
export const deliveryStore = (deps: Deps): PersonStore => ({
  name: 'deliveries',
  find: async (person, cursor) => {
    const { index, hashAddress } = deps;
    if (index === undefined) return { items: [], notSearched: NO_SEARCH };
    const hash = await hashAddress?.(person.tenantId, person.address);
    const page = await bySearch(person, termsOf(person, hash), index, cursor, deps);
    return hash === undefined ? { ...page, notSearched: NO_HASH } : page;
  },
});

const termsOf = ({ identityId }: Person, hash: string | undefined): readonly Term[] => [
  ...(hash ? [{ kind: 'number', value: hash } as const] : []),
  ...(identityId ? [{ kind: 'identity', value: identityId } as const] : []),
];

const foundOf = (delivery: Delivery, deps: Deps): Found => ({
  data: dataOfDelivery(delivery),
  erase: () => eraseDelivery(delivery.deliveryId, deps),
});

const cursorSchema = z.object({ term: z.number(), from: searchPositionSchema.optional() });

async function bySearch(
  person: Person,
  terms: readonly Term[],
  index: MessageIndex,
  cursor: string | undefined,
  deps: Deps,
): Promise<FoundPage> {
  const at = cursorSchema.parse(cursor === undefined ? { term: 0 } : parseJson(cursor));
  const term = terms[at.term];
  if (term === undefined) return { items: [] };
  const guids = new Set<string>();
  let next: SearchPosition | undefined;
  for await (const found of index.find(person.tenantId, term, at.from)) {
    guids.add(found.guid);
    next = found.next;
    if (guids.size >= PAGE) break;
  }
  const isFull = guids.size >= PAGE;
  const deliveries = await Promise.all(
    [...guids].map((guid) =>
      deps.deliveries.get(deliveryIdOf({ tenantId: person.tenantId, guid })),
    ),
  );
  return {
    // The index knows short hashes only, so each is looked at.
    items: deliveries
      .filter((delivery) => delivery !== undefined)
      .filter((delivery) => hasTerm(delivery, term))
      // Found by the terms before it.
      .filter((delivery) => !terms.slice(0, at.term).some((each) => hasTerm(delivery, each)))
      .map((delivery) => foundOf(delivery, deps)),
    ...(isFull
      ? { cursor: JSON.stringify({ term: at.term, from: next }) }
      : nextTerm(at.term, terms)),
  };
}

const nextTerm = (term: number, terms: readonly Term[]): { readonly cursor?: string } =>
  term + 1 < terms.length ? { cursor: JSON.stringify({ term: term + 1 }) } : {};
