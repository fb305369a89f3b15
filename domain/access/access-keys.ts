import * as z from 'zod';
import { fromBase64 } from '../base64.ts';
import { DAY } from '../clock.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';

/**
 * What a key is for. `connector`: CI360 and back offices post events. `agents`: the Flex routes only. `viewer`:
 * looks, changes nothing. `operator`: replays, holds and stops. `compliance`: opt-outs and the audit.
 */
const accessRoles = ['connector', 'agents', 'viewer', 'operator', 'compliance'] as const;
export type AccessRole = (typeof accessRoles)[number];

/** The roles whose keys open a route of each role. */
const openedBy: Readonly<Record<AccessRole, readonly AccessRole[]>> = {
  connector: ['connector'],
  agents: ['agents', 'connector'],
  viewer: ['viewer', 'operator', 'compliance'],
  operator: ['operator'],
  compliance: ['compliance'],
};

const keyShape = {
  /** Whose key it is, for logs: `ci360-production`. */
  name: z.string().min(1).max(64),
  /** The tenants it may act for; `*` for all, also those added later. */
  tenants: z.union([z.literal('*'), z.array(tenantIdSchema).min(1)]),
  /** ISO date: the last day, in UTC, on which it is good; or an ISO time until which it is. Absent: for ever. */
  expires: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
} as const;

/** A misspelled `expires` would make a key good for ever. */
const isMisspelled = (name: string): boolean => name !== 'expires' && /^expir/i.test(name);

/** Which key: by its digest, so that who reads the secret cannot use it. */
const hashedKeySchema = z.object({
  ...keyShape,
  /** SHA-256 of the key, in hexadecimal. */
  sha256: z
    .string()
    .regex(/^[0-9a-fA-F]{64}$/, 'is 64 hexadecimal digits')
    .transform((digest) => digest.toLowerCase()),
});
const clearKeySchema = z.object({
  ...keyShape,
  /** At least 16 printable characters without blanks, so that it fits every header. */
  key: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'is 16 to 256 printable characters without blanks'),
});

/** Distinguished by `sha256`, so that a wrong value is named by its own name. */
const accessKeySchema = z.record(z.string(), z.unknown()).transform((value, context): AccessKey => {
  const parsed = ('sha256' in value ? hashedKeySchema : clearKeySchema).safeParse(value);
  const misspelled = Object.keys(value).filter(isMisspelled);
  for (const name of misspelled) {
    context.addIssue({ code: 'custom', path: [name], message: 'is not known; it is `expires`' });
  }
  for (const { path, message } of parsed.error?.issues ?? []) {
    context.addIssue({ code: 'custom', path, message });
  }
  return parsed.data ?? z.NEVER;
});
type AccessKey = z.infer<typeof hashedKeySchema> | z.infer<typeof clearKeySchema>;

/**
 * The secret `access_keys_secret_id`. A role may have several keys at once: to rotate one, add the
 * new key, change the caller, remove the old key. A key that is listed under several roles has them all.
 */
export const accessKeysSchema = z.object({
  connector: z.array(accessKeySchema).default([]),
  agents: z.array(accessKeySchema).default([]),
  viewer: z.array(accessKeySchema).default([]),
  operator: z.array(accessKeySchema).default([]),
  compliance: z.array(accessKeySchema).default([]),
});
export type AccessKeySet = z.infer<typeof accessKeysSchema>;

/** Names of the keys that are in the secret as they are, not as a digest. */
export const clearKeys = (keys: AccessKeySet): readonly string[] =>
  accessRoles.flatMap((role) => keys[role].flatMap((one) => ('key' in one ? [one.name] : [])));

/** Where the keys are kept. */
export type AccessKeys = {
  /** From the cache (`secret_cache_ttl`). `refresh` asks the store again. Throws `Unavailable` when it has no answer at all. */
  readonly get: (options?: { refresh?: boolean }) => Promise<AccessKeySet>;
};

/** Compares two secrets in a time that does not tell how much of them is equal. */
export type SameSecret = (a: string, b: string) => boolean;

/** SHA-256 of a key, in hexadecimal. */
export type KeyDigest = (key: string) => string;

/** Who called, as far as the rules care. */
export type Caller = { readonly name: string; readonly tenants: '*' | readonly string[] };

/** True when the caller's key is bound to the tenant. */
export const mayActFor = (caller: Caller, tenantId: string): boolean =>
  caller.tenants === '*' || caller.tenants.includes(tenantId);

/**
 * The keys a request presents: `x-api-key`, `Authorization: Bearer <key>`, or `Basic` with the key as
 * the password. The user name of Basic is not looked at: CI360 demands one, we have none.
 */
export function presentedKeys(headers: Readonly<Record<string, string>>): readonly string[] {
  const keys: string[] = [];
  const apiKey = headers['x-api-key']?.trim();
  if (apiKey) keys.push(apiKey);
  const [, scheme, credentials] = /^\s*(\S+)\s+(\S+)\s*$/.exec(headers.authorization ?? '') ?? [];
  if (scheme === undefined || credentials === undefined) return keys;
  if (scheme.toLowerCase() === 'bearer') keys.push(credentials);
  if (scheme.toLowerCase() === 'basic') {
    const password = /^[^:]*:(.+)$/s.exec(fromBase64(credentials) ?? '')?.[1];
    if (password !== undefined) keys.push(password);
  }
  return keys;
}

export type Holder =
  | { readonly kind: 'caller'; readonly caller: Caller }
  /** A key that was good once; `name` is for the log alone. */
  | { readonly kind: 'expired'; readonly name: string }
  | { readonly kind: 'unknown' };

const DAY_SHAPE = /^\d{4}-\d{2}-\d{2}$/;

/** The first moment at which a key is no longer good, ms since 1970. */
const endOf = ({ expires }: AccessKey): number => {
  if (expires === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(expires) + (DAY_SHAPE.test(expires) ? DAY : 0);
};

/**
 * The holder of a presented key. Every key is compared with every presented one, so that the time
 * taken does not tell which was near. A key listed twice may do what either entry may.
 */
export function findCaller(
  presented: readonly string[],
  keys: AccessKeySet,
  role: AccessRole,
  {
    same,
    digest,
    now,
  }: { readonly same: SameSecret; readonly digest: KeyDigest; readonly now: number },
): Holder {
  const candidates = presented.map((key) => ({ key, sha256: digest(key) }));
  const entries = openedBy[role].flatMap((each) => keys[each]);
  const held = entries.filter((entry) => {
    const fits = candidates.map((candidate) =>
      'key' in entry ? same(candidate.key, entry.key) : same(candidate.sha256, entry.sha256),
    );
    return fits.includes(true);
  });
  const good = held.filter((entry) => now < endOf(entry));
  const [first] = good;
  if (first === undefined) {
    const [expired] = held;
    return expired === undefined ? { kind: 'unknown' } : { kind: 'expired', name: expired.name };
  }
  const all = good.some(({ tenants }) => tenants === '*');
  const tenants = good.flatMap((entry) => (entry.tenants === '*' ? [] : entry.tenants));
  return { kind: 'caller', caller: { name: first.name, tenants: all ? '*' : tenants } };
}
