import { type Clock, SECOND } from '../clock.ts';
import type { Observe } from '../observe.ts';
import { Refused } from '../refused.ts';
import {
  type AccessKeySet,
  type AccessKeys,
  type AccessRole,
  type Caller,
  findCaller,
  type KeyDigest,
  presentedKeys,
  type SameSecret,
} from './access-keys.ts';

/**
 * A key that nobody holds may be one that was added a moment ago, so the keys are then fetched again,
 * but not more often than this: guessing must not turn into calls to the secret store.
 */
const REFRESH_INTERVAL = 30 * SECOND;

/** Tells who calls, or undefined when no valid key of the role was presented. Only the log says why not. */
export type Authenticate = (
  headers: Readonly<Record<string, string>>,
  role: AccessRole,
) => Promise<Caller | undefined>;

/** Throws `Unavailable` when the keys cannot be had: no caller can be identified then. */
export function authenticator(deps: {
  readonly keys: AccessKeys;
  readonly same: SameSecret;
  readonly digest: KeyDigest;
  readonly clock: Clock;
  readonly observe: Pick<Observe, 'warn'>;
}): Authenticate {
  let lastRefresh: { at: number; keys: ReturnType<AccessKeys['get']> } | undefined;

  /** Callers that meet within the interval share one refresh, also while it is under way. */
  const refreshed = () => {
    const now = deps.clock();
    if (lastRefresh === undefined || now - lastRefresh.at >= REFRESH_INTERVAL) {
      lastRefresh = { at: now, keys: deps.keys.get({ refresh: true }) };
    }
    return lastRefresh.keys;
  };

  return async (headers, role) => {
    const presented = presentedKeys(headers);
    if (presented.length === 0) return undefined;
    const { same, digest, observe } = deps;
    const find = (keys: AccessKeySet) =>
      findCaller(presented, keys, role, { same, digest, now: deps.clock() });
    const known = find(await deps.keys.get());
    // An expired key may have been given more time a moment ago.
    const holder = known.kind === 'caller' ? known : find(await refreshed());
    if (holder.kind === 'caller') return holder.caller;
    if (holder.kind === 'expired') {
      observe.warn('key expired', { caller: holder.name, code: 'key-expired' });
    }
    return undefined;
  };
}

/** 401: no valid key. Does not say whether one was missing or wrong. */
export const unauthorized = () =>
  new Refused(401, 'UNAUTHORIZED', 'A valid key is needed: x-api-key, Bearer or Basic.', {
    headers: {
      'www-authenticate':
        'Bearer realm="ci360-mobile-connector", Basic realm="ci360-mobile-connector"',
    },
  });

/** 403: a valid key that is not bound to the tenant. */
export const forbidden = () =>
  new Refused(403, 'FORBIDDEN', 'This key may not act for this tenant.');
