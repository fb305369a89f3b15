import * as z from 'zod';
import type { ErrorRow } from '../../domain/delivery/error-table.ts';
import type { Verdict } from '../verdict.ts';
import { scgErrorNumber } from './error-table.ts';
import { scgLateErrors } from './late-error-table.ts';

const textOrNumber = z.union([z.string(), z.number()]).nullish().catch(undefined);

/** Why SCG failed or refused something, as its resources show it. */
export const failureFields = { failure_code: textOrNumber, failure_details: textOrNumber };
type Failed = {
  readonly [Field in keyof typeof failureFields]?: string | number | null | undefined;
};

/** The state of a message request that SCG had taken and refused since. Nothing of it is sent. */
export const REJECTED = 'REJECTED';

/** The `failure_code` of a resource is a name where events have a number. */
const numberOfName: Readonly<Record<string, string>> = {
  INVALID_RECIPIENT: '1002',
  NO_CONSENT: '1005',
};

/** The number of a resource's failure, its name if that has no number, or undefined. */
export function failureCodeOf({ failure_code }: Failed): string | undefined {
  const name = failure_code == null ? '' : `${failure_code}`;
  return (Object.hasOwn(numberOfName, name) ? numberOfName[name] : name) || undefined;
}

const unexplained: ErrorRow = {
  class: 'config',
  meaning: 'Syniverse took the message and rejected it afterwards.',
  advice:
    'Look the request up in the Syniverse portal and fix the cause, then replay with a canary.',
};

/** The verdict on a request in state REJECTED. */
export function refusalOf(request: Failed): Verdict {
  const code = failureCodeOf(request);
  const key = scgErrorNumber(code ?? '');
  const known = Object.hasOwn(scgLateErrors, key) ? scgLateErrors[key] : undefined;
  // What passes with time when it is a phone's doing is not known to pass for a whole request.
  const row =
    known === undefined || known.class === 'recipient' || known.class === 'throttled'
      ? unexplained
      : { ...known, class: known.class };
  return { row, code: code ?? REJECTED };
}
