/** A route's match: which one, and the values of its path parameters. */
export type Match<T> = { readonly route: T; readonly params: Readonly<Record<string, string>> };

type Compiled<T> = {
  readonly route: T;
  readonly method: string;
  readonly segments: readonly string[];
};

const isParameter = (segment: string) => segment.startsWith('{');
const isGreedy = (segment: string) => segment.endsWith('+}');

/**
 * Chooses a route by API Gateway's order: a full match before a greedy one before `$default`; within
 * those a fixed segment before a parameter, a method before `ANY`.
 */
export function router<T extends { readonly routeKey: string }>(
  routes: readonly T[],
): (method: string, path: string) => Match<T> | undefined {
  const fallback = routes.find((route) => route.routeKey === '$default');
  const compiled = routes
    .filter((route) => route !== fallback)
    .map((route): Compiled<T> => {
      const [method = 'ANY', path = '/'] = route.routeKey.split(' ');
      return { route, method, segments: path.split('/').slice(1) };
    })
    .sort((a, b) => compare(rank(a), rank(b)));

  return (method, path) => {
    const given = path.split('/').slice(1);
    for (const candidate of compiled) {
      if (candidate.method !== method && candidate.method !== 'ANY') continue;
      const params = matchSegments(candidate.segments, given);
      if (params) return { route: candidate.route, params };
    }
    return fallback && { route: fallback, params: {} };
  };
}

/** Smaller wins: a digit for each segment (fixed, parameter, greedy), then one for the method. */
const rank = ({ segments, method }: Compiled<unknown>) =>
  segments.map((s) => (isGreedy(s) ? 2 : isParameter(s) ? 1 : 0)).join('') +
  (method === 'ANY' ? 1 : 0);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function matchSegments(
  pattern: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const value = given[index];
    if (isGreedy(segment)) {
      if (!value) return undefined;
      params[segment.slice(1, -2)] = decode(given.slice(index).join('/'));
      return params;
    }
    if (isParameter(segment)) {
      if (!value) return undefined;
      params[segment.slice(1, -1)] = decode(value);
    } else if (segment !== value) return undefined;
  }
  return pattern.length === given.length ? params : undefined;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
