import type { AccessKeySet, AccessKeys } from '../../domain/access/access-keys.ts';

export const CONNECTOR_KEY = 'connector-key-for-tests';
export const OPERATOR_KEY = 'operator-key-for-tests';

/** A key of each role; the connector key names its tenants. */
export function anAccessKeySet(overrides: Partial<AccessKeySet> = {}): AccessKeySet {
  return {
    connector: [{ name: 'ci360', key: CONNECTOR_KEY, tenants: ['tenant-a'] }],
    agents: [],
    viewer: [],
    operator: [{ name: 'on-call', key: OPERATOR_KEY, tenants: '*' }],
    compliance: [],
    ...overrides,
  };
}

/** Keys in memory that are cached for ever: `rotate` changes what the store has, a refresh sees it. */
export function fakeAccessKeys(initial: AccessKeySet = anAccessKeySet()) {
  let stored = initial;
  let cached = initial;
  let refreshes = 0;
  const keys: AccessKeys = {
    get: async (options = {}) => {
      if (options.refresh) {
        refreshes += 1;
        cached = stored;
      }
      return cached;
    },
  };
  return {
    ...keys,
    rotate: (next: AccessKeySet) => {
      stored = next;
    },
    refreshes: () => refreshes,
  };
}
