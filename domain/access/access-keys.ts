import * as z from 'zod';
import { tenantIdSchema } from '../outbound/message-request.ts';

/** Who a key is for: CI360 and back offices send with `connector`, people and scripts look after the service with `operator`. */
export const accessRoles = ['connector', 'operator'] as const;
export type AccessRole = (typeof accessRoles)[number];

const accessKeySchema = z.object({
  /** Whose key it is, for logs: `ci360-production`. */
  name: z.string().min(1).max(64),
  /** At least 16 printable characters without blanks, so that it fits every header. */
  key: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'is 16 to 256 printable characters without blanks'),
  /** The tenants it may act for; `*` for all, also those added later. */
  tenants: z.union([z.literal('*'), z.array(tenantIdSchema).min(1)]),
});

/**
 * The secret `access_keys_secret_id`. A role may have several keys at once: to rotate one, add the
 * new key, change the caller, remove the old key.
 */
export const accessKeysSchema = z.object({
  connector: z.array(accessKeySchema).default([]),
  operator: z.array(accessKeySchema).default([]),
});
export type AccessKeySet = z.infer<typeof accessKeysSchema>;

/** Where the keys are kept. */
export type AccessKeys = {
  /** From the cache (`secret_cache_ttl`). `refresh` asks the store again. Throws `Unavailable` when it has no answer at all. */
  readonly get: (options?: { refresh?: boolean }) => Promise<AccessKeySet>;
};

/** Compares two secrets in a time that does not tell how much of them is equal. */
export type SameSecret = (a: string, b: string) => boolean;

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
    const password = /^[^:]*:(.+)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8'))?.[1];
    if (password !== undefined) keys.push(password);
  }
  return keys;
}

/**
 * The holder of a presented key. Every key is compared with every presented one, so that the time
 * taken does not tell which was near. A key listed twice may do what either entry may.
 */
export function findCaller(
  presented: readonly string[],
  keys: AccessKeySet,
  role: AccessRole,
  same: SameSecret,
): Caller | undefined {
  const held = keys[role].filter(
    ({ key }) => presented.map((candidate) => same(candidate, key)).filter(Boolean).length > 0,
  );
  const [first] = held;
  if (first === undefined) return undefined;
  const all = held.some(({ tenants }) => tenants === '*');
  return {
    name: first.name,
    tenants: all ? '*' : held.flatMap(({ tenants }) => (tenants === '*' ? [] : tenants)),
  };
}
