import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import type { AccessKeySet } from '../domain/access/access-keys.ts';
import { isLoopback } from '../domain/tenant/insecure-url.ts';
import { keyDigest } from '../handlers/runtime/same-secret.ts';
import type { SecretSource } from './emulators/secrets-manager.ts';

/** The keys that callers of a local stack present, good for every tenant. */
export type LocalKeys = {
  readonly connector: string;
  /** Operator and compliance. */
  readonly operator: string;
  readonly viewer: string;
};

/** The keys that everybody knows: they stand in the README. Good only while all accounts are simulated. */
export const localKeys: LocalKeys = {
  connector: 'local-connector-key',
  operator: 'local-operator-key',
  viewer: 'local-viewer-key',
};

/** Keys that nobody knows but who started the stack. */
export const drawKeys = (): LocalKeys => ({
  connector: randomBytes(24).toString('hex'),
  operator: randomBytes(24).toString('hex'),
  viewer: randomBytes(24).toString('hex'),
});

const isOnThisMachine = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && isLoopback(new URL(url));

/** Credentials, and the address without which they are sent to the company itself. */
const addressOf = {
  twilio_account_sid: 'twilio_api_url',
  scg_access_token: 'scg_api_url',
  airtable_token: 'airtable_api_url',
} as const;

/** Whether nothing in a tenant's secret leads to a real company: every address is on this machine. */
function isSimulated(secret: Readonly<Record<string, unknown>>): boolean {
  const addresses = Object.keys(secret).filter((key) => key.endsWith('_url') && secret[key]);
  const needed = Object.entries(addressOf).flatMap(([key, url]) => (secret[key] ? [url] : []));
  return [...addresses, ...needed].every((key) => isOnThisMachine(secret[key]));
}

/** The access keys of a stack: those that were drawn for it, and the ones that everybody knows while they can do no harm. */
function accessKeysOf(secrets: SecretsByTenant, drawn: LocalKeys | undefined): AccessKeySet {
  const harmless = Object.values(secrets).every(isSimulated);
  const good = [...(drawn ? [drawn] : []), ...(harmless ? [localKeys] : [])];
  const entries = (role: keyof LocalKeys) =>
    good.map((keys) => ({
      name: `${keys === drawn ? 'drawn' : 'local'}-${role}`,
      sha256: keyDigest(keys[role]),
      tenants: '*' as const,
    }));
  return {
    connector: entries('connector'),
    agents: [],
    viewer: entries('viewer'),
    operator: entries('operator'),
    compliance: entries('operator'),
  };
}

/** `{"<tenant>": {…}}`; a member called `access-keys` replaces the local keys. */
const fileSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
export type SecretsByTenant = z.infer<typeof fileSchema>;

/** Something about a secrets file that its owner can fix; one sentence. */
export class SecretsFileError extends Error {
  readonly code = 'secrets-file';
}

/** Reads a file of secrets, or says in a sentence why it cannot be used. */
export async function readSecretsFile(path: string): Promise<SecretsByTenant> {
  const raw = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new SecretsFileError(`The secrets file ${path} cannot be read${why}.`);
  });
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    throw new SecretsFileError(`The secrets file ${path} is not JSON.`);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    throw new SecretsFileError(
      `The secrets file ${path} must hold an object of tenants: {"<tenant>": {…}}.`,
    );
  }
  return parsed.data;
}

/** How the local stage names its secrets: from the settings of its functions. */
export type SecretNames = { readonly prefix: string; readonly accessKeys: string };

/** The name in Secrets Manager of a member of the file. */
export const secretName = (names: SecretNames, member: string): string =>
  member === 'access-keys' ? names.accessKeys : names.prefix + member;

/**
 * Secrets by their names in Secrets Manager, with the keys `drawn` for this run where `secrets` has none
 * of its own.
 */
export function secretSource(
  secrets: () => Promise<SecretsByTenant>,
  names: SecretNames,
  drawn?: LocalKeys,
): SecretSource {
  const byName = async () => {
    const current = await secrets();
    return new Map([
      [names.accessKeys, JSON.stringify(accessKeysOf(current, drawn))],
      ...Object.entries(current).map(
        ([member, secret]) => [secretName(names, member), JSON.stringify(secret)] as const,
      ),
    ]);
  };
  return {
    names: async () => [...(await byName()).keys()],
    get: async (name) => (await byName()).get(name),
  };
}

/**
 * The file as it is now: read again when it has changed, so that a key rotated in it takes effect. A
 * file that cannot be used (it may be half written) leaves the last good one in force.
 */
export function followSecretsFile(
  path: string,
  first: SecretsByTenant,
  warn: (sentence: string) => void,
): () => Promise<SecretsByTenant> {
  let current = first;
  let readAt: number | undefined;
  return async () => {
    const changedAt = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (changedAt === readAt) return current;
    readAt = changedAt;
    try {
      current = await readSecretsFile(path);
    } catch (error) {
      warn(
        `${error instanceof Error ? error.message : error} The secrets read before stay in force.`,
      );
    }
    return current;
  };
}
