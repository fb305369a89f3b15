import { DAY } from '../clock.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { mask } from '../outbound/address.ts';
import type { Channel } from '../outbound/channel.ts';
import type { Person, StoreName } from '../people/ports.ts';
import { type Position, positionSchema, type Walked, walk } from '../people/walk.ts';
import type { PersonErasureAnswer, PersonExportAnswer } from './answers/people.ts';
import { repeatedTenant } from './caller.ts';
import { personOf } from './opt-outs.ts';
import type { Call } from './route.ts';

type Named = {
  readonly tenantId?: string | undefined;
  readonly address: string;
  readonly channel?: Channel | undefined;
  readonly cursor?: string | undefined;
};

/** How long queues keep a message, and how far back a table can be restored. */
const QUEUES_KEEP_MS = 14 * DAY;
const COPIES_KEPT_MS = 35 * DAY;
/** An answer of more is ended, and continued by the next. */
const MOST_CHARACTERS = 1_000_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/** The person, with the identity by which their deliveries and reports are known. */
async function knownPerson(named: Named, call: Call): Promise<Person> {
  const person = await personOf(named, call);
  const known = await call.deps.people.identities.find(person.address, person.tenantId);
  return { ...person, identityId: known?.datahubId };
}

/** Bound to the tenant alone, so that no cursor holds a number. */
const queryOf = ({ tenantId }: Person) => ({ tenantId, list: 'person' });

const rangeOf = (person: Person, cursor: string | undefined, { deps }: Call) => ({
  ...(cursor === undefined
    ? {}
    : { from: decodeCursor<Position>(queryOf(person), cursor, positionSchema) }),
  until: deps.clock() + deps.settings.budgetMs,
  clock: deps.clock,
});

const continued = (person: Person, { next }: Walked) =>
  next === undefined ? {} : { cursor: encodeCursor(queryOf(person), next) };

/** Everything that is stored about a person at a tenant, page by page. */
export async function exportPerson(named: Named, call: Call): Promise<PersonExportAnswer> {
  const { deps, caller } = call;
  const person = await knownPerson(named, call);
  const items: PersonExportAnswer['items'] = [];
  let characters = 0;
  const walked = await walk(
    person,
    deps.people.stores,
    rangeOf(person, named.cursor, call),
    async (store, found) => {
      for (const { data } of found) {
        items.push({ store, data });
        characters += JSON.stringify(data).length;
      }
      return characters < MOST_CHARACTERS;
    },
  );
  deps.observe.warn('a person was exported', { tenantId: person.tenantId, caller: caller.name });
  return {
    tenantId: person.tenantId,
    number: person.address,
    exportedAt: iso(deps.clock()),
    items,
    notSearched: [...walked.notSearched],
    ...continued(person, walked),
  };
}

type Tally = PersonErasureAnswer['stores'][number];

/**
 * Erases a person at a tenant, page by page. The mark comes first: from then on workers drop what they meet of
 * the person, and nothing new is kept. All that follows is safe to repeat, so an erasure that died anywhere is
 * continued by its cursor or begun again.
 */
export async function erasePerson(
  { confirm, ...named }: Named & { readonly confirm?: string | undefined },
  call: Call,
): Promise<PersonErasureAnswer> {
  const { deps, caller } = call;
  const person = await knownPerson(named, call);
  const { tenantId, address } = person;
  repeatedTenant(confirm, tenantId, 'what is erased cannot be brought back');
  const range = rangeOf(person, named.cursor, call);
  if (named.cursor === undefined) await deps.optOuts.markErased(tenantId, address, deps.clock());

  const tallies = new Map<StoreName, Tally>();
  const walked = await walk(person, deps.people.stores, range, async (store, found) => {
    const tally = tallies.get(store) ?? { store, erased: 0, inFlight: 0 };
    for (const { erase } of found) {
      if (erase === undefined) continue;
      const erasing = await erase();
      tally[erasing === 'erased' ? 'erased' : 'inFlight'] += 1;
      tallies.set(store, tally);
    }
    return true;
  });
  const { erasedAt = deps.clock() } = await deps.optOuts.stateOf(tenantId, address);
  const stores = [...tallies.values()];
  deps.observe.warn('a person was erased', { tenantId, caller: caller.name });
  return {
    tenantId,
    address: mask(address),
    erasedAt: iso(erasedAt),
    erased: stores.reduce((sum, { erased }) => sum + erased, 0),
    inFlight: stores.reduce((sum, { inFlight }) => sum + inFlight, 0),
    stores,
    remains: remainsOf(erasedAt),
    notSearched: [...walked.notSearched],
    ...continued(person, walked),
  };
}

/** What an erasure cannot or must not remove, and until when it is there. */
const remainsOf = (erasedAt: number): PersonErasureAnswer['remains'] => [
  {
    what: 'The opt-out, its history, and the mark of this erasure',
    why: 'Without them the person would be written to again. They hold the number, and no text of a message.',
    until: null,
  },
  {
    what: 'Messages and replies on queues',
    why: 'Messages are dropped when a worker meets them; replies are reported to CI360.',
    until: iso(erasedAt + QUEUES_KEEP_MS),
  },
  {
    what: 'Point-in-time copies of the tables',
    why: 'AWS keeps them for a restore, and no item can be taken out of them.',
    until: iso(erasedAt + COPIES_KEPT_MS),
  },
  {
    what: 'What the provider, CI360 and Airtable hold themselves',
    why: 'Erase the person there too; contacts would be copied from Airtable again.',
    until: null,
  },
];
