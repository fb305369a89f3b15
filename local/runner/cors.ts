import type { Cors } from '../template/resources.ts';

type Headers = Readonly<Record<string, string | readonly string[]>>;

const matches = (allowed: readonly string[], value: string) =>
  allowed.some(
    (one) =>
      one === '*' ||
      one === value ||
      // `https://*` and `http://*` are the only other patterns that API Gateway takes.
      (one.endsWith('://*') && value.startsWith(one.slice(0, -1))),
  );

/** The headers that API Gateway adds by itself to an answer for this origin; none for a stranger. */
export function corsHeaders(cors: Cors | undefined, origin: string | undefined): Headers {
  if (!cors || origin === undefined || !matches(cors.AllowOrigins, origin)) return {};
  return {
    'access-control-allow-origin':
      cors.AllowOrigins.includes('*') && !cors.AllowCredentials ? '*' : origin,
    ...(cors.AllowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(cors.ExposeHeaders.length > 0
      ? { 'access-control-expose-headers': cors.ExposeHeaders.join(',') }
      : {}),
  };
}

/** The rest of a preflight's answer. */
export function preflightHeaders(cors: Cors, origin: string | undefined): Headers {
  const allowed = corsHeaders(cors, origin);
  if (Object.keys(allowed).length === 0) return {};
  return {
    ...allowed,
    'access-control-allow-methods': cors.AllowMethods.join(','),
    'access-control-allow-headers': cors.AllowHeaders.join(','),
    ...(cors.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
  };
}
