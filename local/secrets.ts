import { readFile, stat } from 'node:fs/promises';
import * as z from 'zod';
import type { AccessKeySet } from '../domain/access/access-keys.ts';
import { keyDigest } from '../handlers/runtime/same-secret.ts';
import type { SecretSource } from './emulators/secrets-manager.ts';

/** The keys that callers of a local stack present, good for every tenant. */
export const localKeys = {
  connector: 'local-connector-key',
  operator: 'local-operator-key',
} as const;

const entry = (name: string, key: string) => ({
  name,
  sha256: keyDigest(key),
  tenants: '*' as const,
});

const accessKeys: AccessKeySet = {
  connector: [entry('local', localKeys.connector)],
  operator: [entry('local', localKeys.operator)],
};

/** `{"<tenant>": {…}}`; a member called `access-keys` replaces the local keys. */
const fileSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
export type SecretsByTenant = z.infer<typeof fileSchema>;

/** Something about a secrets file that its owner can mend; one sentence. */
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

/** Secrets by their names in Secrets Manager, with the local keys where `secrets` has none of its own. */
export function secretSource(
  secrets: () => Promise<SecretsByTenant>,
  names: SecretNames,
): SecretSource {
  const byName = async () =>
    new Map([
      [names.accessKeys, JSON.stringify(accessKeys)],
      ...Object.entries(await secrets()).map(
        ([member, secret]) => [secretName(names, member), JSON.stringify(secret)] as const,
      ),
    ]);
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
