import * as z from 'zod';
import type { Caller } from '../access/access-keys.ts';
import {
  isOutdated,
  optedOutBy,
  type Preference,
  type RefusalRules,
  refusalEnds,
} from '../opt-outs/opt-out.ts';
import { mask, readRecipient } from '../outbound/address.ts';
import { channelOfAddress } from '../outbound/address-prefix.ts';
import { channels } from '../outbound/channel.ts';
import { conflict, invalid, notFound } from '../refused.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import { checkTenant, tenantOf } from './caller.ts';
import type { OperatorDeps } from './deps.ts';
import { parse } from './parse.ts';

type Person = { readonly tenantId: string; readonly address: string };

const personShape = {
  tenantId: tenantIdSchema.optional(),
  address: z.string().trim().min(1).max(256),
  /** Whose address it is; named only where the address does not tell and is no number. */
  channel: z.enum(channels).optional(),
};
const liftSchema = z.strictObject({ ...personShape, confirm: z.string().optional() });

/** The person that a request is about, the tenant checked and the address in the form of message requests. */
async function personOf(
  fields: z.infer<z.ZodObject<typeof personShape>>,
  caller: Caller,
  deps: OperatorDeps,
): Promise<Person> {
  const tenantId = tenantOf(caller, fields.tenantId);
  await checkTenant(caller, tenantId, deps);
  const channel = fields.channel ?? channelOfAddress(fields.address) ?? 'SMS';
  const reading = readRecipient(fields.address, channel, deps.settings.numbering);
  if (!reading.ok) throw invalid('address', reading.issue);
  return { tenantId, address: reading.address };
}

const iso = (ms: number): string => new Date(ms).toISOString();

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
      return preference.statement?.source === 'contacts'
        ? 'The contacts say so, in the column opt_out. Lift it only if the person asked to be written to again, and take the tick away there.'
        : 'The person said STOP. A START of theirs ends it; lift it only if they asked for that in another way. The provider may refuse until they write START.';
  }
}

/** What is known of a person's preference, as an operator sees it: of the number, two digits. */
function viewOf({ tenantId, address }: Person, preference: Preference, rules: RefusalRules) {
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
export async function showOptOut(body: unknown, caller: Caller, deps: OperatorDeps) {
  const person = await personOf(parse(z.strictObject(personShape), body), caller, deps);
  const preference = await deps.optOuts.preferenceOf(person.tenantId, person.address);
  return viewOf(person, preference, deps.refusalRules);
}

/** Later than all that was said so far, also by a clock that is ahead of ours. */
const laterThan = ({ statement, refusal }: Preference, now: number): number =>
  Math.max(now, (statement?.at ?? 0) + 1, (refusal?.at ?? 0) + 1);

/**
 * Lets a person be written to again: a START in the name of the operator's key. A STOP that was said
 * before it and is heard after it changes nothing; one that is said later does.
 */
export async function liftOptOut(body: unknown, caller: Caller, deps: OperatorDeps) {
  const { confirm, ...fields } = parse(liftSchema, body);
  const person = await personOf(fields, caller, deps);
  const { tenantId, address } = person;
  if (confirm !== tenantId) {
    throw invalid('confirm', 'must repeat the tenant id: campaigns will write to the person again');
  }
  const { optOuts, refusalRules, clock, observe } = deps;
  const before = await optOuts.preferenceOf(tenantId, address);
  if (optedOutBy(before, refusalRules) === undefined) {
    throw notFound('This person is not opted out: there is nothing to lift.');
  }
  await optOuts.optIn(tenantId, address, `operator:${caller.name}`, laterThan(before, clock()));
  observe.warn('an opt-out was lifted', { tenantId, code: caller.name });
  const after = await optOuts.preferenceOf(tenantId, address);
  if (optedOutBy(after, refusalRules) !== undefined) {
    throw conflict('The person has opted out again at this moment; look at it anew.');
  }
  return viewOf(person, after, refusalRules);
}
