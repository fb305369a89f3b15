import { createHmac } from 'node:crypto';
import { type Clock, SECOND } from '../../domain/clock.ts';
import { addressKey } from '../../domain/outbound/address-key.ts';
import type { FetchSecret } from './fetch-secret.ts';

export type HashAddress = (tenantId: string, address: string) => Promise<string | undefined>;

/** 96 bits: enough that no two of a tenant's addresses share one. */
const HASH_CHARACTERS = 16;
/** While the secret cannot be read, it is asked for so often only: messages do not wait for it. */
const PAUSE_MS = 30 * SECOND;

/**
 * Keyed hashes of addresses, so that messages are found by number and no number is kept. Each tenant's key
 * is derived from the one secret of the deployment, which is read once for each cold start. Without the
 * secret, or while it cannot be read, the hash is undefined: nothing waits for it.
 */
export function hashAddress({
  fetch,
  secretId,
  clock,
}: {
  readonly fetch: FetchSecret;
  readonly secretId: string;
  readonly clock: Clock;
}): HashAddress {
  let secret: Promise<string | undefined> | undefined;
  let pausedUntil = 0;
  const read = async () => {
    if (clock() < pausedUntil) return undefined;
    secret ??= fetch(secretId).catch(() => {
      secret = undefined;
      pausedUntil = clock() + PAUSE_MS;
      return undefined;
    });
    return secret;
  };
  const keys = new Map<string, Buffer>();
  return async (tenantId, address) => {
    const master = await read();
    if (!master) return undefined;
    const key = keys.get(tenantId) ?? createHmac('sha256', master).update(tenantId).digest();
    keys.set(tenantId, key);
    return createHmac('sha256', key)
      .update(addressKey(address))
      .digest('base64url')
      .slice(0, HASH_CHARACTERS);
  };
}
