import {
  isOutdated,
  optedOutBy,
  type Preference,
  type RefusalRules,
  refusalEnds,
} from '../opt-outs/opt-out.ts';
import { mask, readRecipient } from '../outbound/address.ts';
import { channelOfAddress } from '../outbound/address-prefix.ts';
import type { Channel } from '../outbound/channel.ts';
import { conflict, invalid, notFound } from '../refused.ts';
import type { OptOutAnswer } from './answers/opt-outs.ts';
import { repeatedTenant } from './caller.ts';
import { checkedTenant } from './fields.ts';
import type { Call } from './route.ts';

type Person = { readonly tenantId: string; readonly address: string };

/** Whom a request names. */
type Named = {
  readonly tenantId?: string | undefined;
  readonly address: string;
  readonly channel?: Channel | undefined;
};

/** The person that a request is about, the tenant checked and the address in the form of message requests. */
export async function personOf(named: Named, call: Call): Promise<Person> {
  const tenantId = await checkedTenant(named.tenantId, call);
  const channel = named.channel ?? channelOfAddress(named.address) ?? 'SMS';
  const reading = readRecipient(named.address, channel, call.deps.settings.numbering);
  if (!reading.ok) throw invalid('address', reading.issue);
  return { tenantId, address: reading.address };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function adviceBySource(source: string): string {
  if (source === 'contacts') {
    return 'The contacts say so, in the column opt_out. Lift it only if the person asked to be written to again, and take the tick away there.';
  }
  if (source.startsWith('import:')) {
    return 'An imported list says so. A later line of a list that opts the person in lifts it, and so does a START of theirs.';
  }
  if (source.startsWith('operator:')) {
    return 'An operator entered it for the person. A START of theirs ends it, or a statement that is entered later.';
  }
  return 'The person said STOP. A START of theirs ends it; lift it only if they asked for that in another way. The provider may refuse until they write START.';
}

function adviceOn(preference: Preference, rules: RefusalRules): string {
  switch (optedOutBy(preference, rules)) {
    case undefined:
      return 'Nothing keeps the connector from writing to this person.';
    case 'refusal':
      return (
        'A provider refused to write to this person. Lift it once they have opted in again; ' +
        'if they have not at that provider, it refuses the next message too.'
      );
    case 'statement':
      return adviceBySource(preference.statement?.source ?? '');
  }
}

/** What is known of a person's preference, as an operator sees it: of the number, two digits. */
function viewOf(
  { tenantId, address }: Person,
  preference: Preference,
  rules: RefusalRules,
): OptOutAnswer {
  const { statement, refusal } = preference;
  return {
    tenantId,
    address: mask(address),
    optedOut: optedOutBy(preference, rules) !== undefined,
    word: statement === undefined ? null : { ...statement, at: iso(statement.at) },
    refusal:
      refusal === undefined
        ? null
        : {
            ...refusal,
            at: iso(refusal.at),
            countsUntil: isOutdated(refusal, statement) ? null : iso(refusalEnds(refusal, rules)),
          },
    advice: adviceOn(preference, rules),
  };
}

/** Whether and why a person is not written to. */
export async function showOptOut(named: Named, call: Call): Promise<OptOutAnswer> {
  const person = await personOf(named, call);
  const preference = await call.deps.optOuts.preferenceOf(person.tenantId, person.address);
  return viewOf(person, preference, call.deps.refusalRules);
}

/** Later than all that was said so far, also by a clock that is ahead of ours. */
const laterThan = ({ statement, refusal }: Preference, now: number): number =>
  Math.max(now, (statement?.at ?? 0) + 1, (refusal?.at ?? 0) + 1);

/**
 * Lets a person be written to again: a START in the name of the operator's key. A STOP that was said
 * before it and is heard after it changes nothing; one that is said later does.
 */
export async function liftOptOut(
  { confirm, ...named }: Named & { readonly confirm?: string | undefined },
  call: Call,
): Promise<OptOutAnswer> {
  const person = await personOf(named, call);
  const { tenantId, address } = person;
  repeatedTenant(confirm, tenantId, 'campaigns will write to the person again');
  const { optOuts, refusalRules, clock, observe } = call.deps;
  const before = await optOuts.preferenceOf(tenantId, address);
  if (optedOutBy(before, refusalRules) === undefined) {
    throw notFound('This person is not opted out: there is nothing to lift.');
  }
  await optOuts.optIn(
    tenantId,
    address,
    `operator:${call.caller.name}`,
    laterThan(before, clock()),
  );
  observe.warn('an opt-out was lifted', { tenantId, code: call.caller.name });
  const after = await optOuts.preferenceOf(tenantId, address);
  if (optedOutBy(after, refusalRules) !== undefined) {
    throw conflict('The person has opted out again at this moment; check again.');
  }
  return viewOf(person, after, refusalRules);
}
