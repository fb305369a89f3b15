import type * as z from 'zod';
import { type Clock, SECOND } from '../../domain/clock.ts';
import { parseJson } from '../../domain/json.ts';
import type { Observe } from '../../domain/observe.ts';
import type { FetchSecret } from './fetch-secret.ts';
import { lookUpBudget } from './look-up-budget.ts';

/** The outcome of reading a secret. `issue` names the key that is wrong, never a value. */
export type SecretRead<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'absent' }
  | { readonly kind: 'invalid'; readonly issue: string };

/** An absent or unusable secret is looked for again soon: someone is probably about to fix it. */
const MISS_TTL = 30 * SECOND;
/**
 * However often a refresh is asked for, the store is asked for one no more often than this. A plain read
 * does not count: a token may be rotated in the very second after it was first read.
 */
const REFRESH_INTERVAL = 5 * SECOND;
/** While the store is down, the old value is good for this long before the store is tried again. */
const OUTAGE_PAUSE = 10 * SECOND;
/** Unknown names may come from anybody's request path, so only so many are remembered. */
const MAX_MISSES = 1_000;

type Entry<T> = {
  readonly read: SecretRead<T>;
  /** Until when the value is good, and until when no refresh is made; ms since 1970. */
  until: number;
  freshUntil: number;
};

/** What is wrong, by key. Only a message that is marked `plain` is known to hold no value. */
function issueOf(issues: readonly z.core.$ZodIssue[]): string {
  const isPlain = (issue: z.core.$ZodIssue) =>
    issue.code === 'custom' && issue.params?.plain === true;
  const plain = issues.filter(isPlain).map(({ path, message }) => `${path.join('.')} ${message}`);
  const keys = issues.filter((issue) => !isPlain(issue)).map(({ path }) => path.join('.'));
  const named = [...new Set(keys)].filter((key) => key !== '').join(', ');
  const all = [...(named === '' ? [] : [`wrong value of ${named}`]), ...plain];
  return all.length === 0 ? 'the secret is not a JSON object' : all.join('; ');
}

/** Reads a secret's JSON through its schema. */
function parseSecret<T>(schema: z.ZodType<T>, text: string | undefined): SecretRead<T> {
  if (text === undefined) return { kind: 'absent' };
  const json = parseJson(text);
  if (json === undefined) return { kind: 'invalid', issue: 'the secret is not JSON' };
  const parsed = schema.safeParse(json);
  if (parsed.success) return { kind: 'found', value: parsed.data };
  return { kind: 'invalid', issue: issueOf(parsed.error.issues) };
}

/**
 * Secrets kept in memory for `ttlSeconds`. Callers that meet share one request. While the store is
 * down the last value serves on; without one, the store's `Unavailable` is thrown. Names without a
 * secret are remembered apart and looked up within a budget, so that made-up ones neither push out a
 * real one nor flood the store; beyond the budget an unknown name is `Unavailable`.
 */
export function cachedSecrets<T>(deps: {
  readonly fetch: FetchSecret;
  readonly schema: z.ZodType<T>;
  readonly ttlSeconds: number;
  readonly clock: Clock;
  readonly observe: Pick<Observe, 'warn'>;
}): (name: string, options?: { readonly refresh?: boolean }) => Promise<SecretRead<T>> {
  /** As many as there are secrets. */
  const held = new Map<string, Entry<T>>();
  /** The oldest first. */
  const misses = new Map<string, Entry<T>>();
  const pending = new Map<string, Promise<SecretRead<T>>>();
  const budget = lookUpBudget(deps.clock);

  const keep = (name: string, read: SecretRead<T>, isRefresh: boolean) => {
    const now = deps.clock();
    const lasts = read.kind === 'found' ? deps.ttlSeconds * SECOND : MISS_TTL;
    held.delete(name);
    misses.delete(name);
    (read.kind === 'absent' ? misses : held).set(name, {
      read,
      freshUntil: isRefresh ? now + REFRESH_INTERVAL : now,
      until: now + Math.min(lasts, deps.ttlSeconds * SECOND),
    });
    const oldest = misses.keys().next();
    if (misses.size > MAX_MISSES && !oldest.done) misses.delete(oldest.value);
    return read;
  };

  /** Asks the store for a name that may not exist. */
  const lookUp = async (name: string): Promise<SecretRead<T>> => {
    budget.take();
    let spent = false;
    try {
      const read = parseSecret(deps.schema, await deps.fetch(name));
      spent = read.kind === 'absent';
      return read;
    } finally {
      if (!spent) budget.giveBack();
    }
  };

  const ask = async (name: string, isRefresh: boolean): Promise<SecretRead<T>> => {
    const known = held.get(name);
    if (known === undefined) return keep(name, await lookUp(name), isRefresh);
    try {
      return keep(name, parseSecret(deps.schema, await deps.fetch(name)), isRefresh);
    } catch {
      deps.observe.warn('the secret store is down, an older secret serves on', {
        dependency: 'secrets',
      });
      const now = deps.clock();
      known.freshUntil = now + REFRESH_INTERVAL;
      known.until = Math.max(known.until, now + OUTAGE_PAUSE);
      return known.read;
    }
  };

  return (name, { refresh = false } = {}) => {
    const entry = held.get(name) ?? misses.get(name);
    const now = deps.clock();
    if (entry !== undefined && now < (refresh ? entry.freshUntil : entry.until)) {
      return Promise.resolve(entry.read);
    }
    const asked =
      pending.get(name) ??
      ask(name, refresh).finally(() => {
        pending.delete(name);
      });
    pending.set(name, asked);
    return asked;
  };
}
