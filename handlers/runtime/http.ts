import { createHash } from 'node:crypto';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { SECOND } from '../../domain/clock.ts';
import type { HttpAnswer, HttpRequest } from '../../domain/http.ts';
import { inTime } from '../../domain/in-time.ts';
import { errorAnswer, Refused } from '../../domain/refused.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { describeError } from './describe-error.ts';
import { lazy } from './lazy.ts';
import type { Observation } from './observe.ts';

/** A route's logic: everything it may know is in the request. */
export type HttpRoute = (request: HttpRequest) => Promise<HttpAnswer>;

/** Reads an HTTP API event (payload 2.0). Bodies may be base64, as forms always are on the real API. */
export function toHttpRequest(event: APIGatewayProxyEventV2): HttpRequest {
  const body = event.body ?? '';
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    routeKey: event.routeKey,
    params: Object.fromEntries(
      Object.entries(event.pathParameters ?? {}).map(([name, value]) => [name, value ?? '']),
    ),
    rawQuery: event.rawQueryString,
    query: new URLSearchParams(event.rawQueryString),
    headers: Object.fromEntries(
      Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value ?? '']),
    ),
    body: event.isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body,
    requestId: event.requestContext.requestId,
    sourceIp: event.requestContext.http.sourceIp,
  };
}

/** The answer to a GET, with a tag of its body; without the body where the caller has it already. */
function tagged(
  result: APIGatewayProxyStructuredResultV2,
  { method, headers }: HttpRequest,
): APIGatewayProxyStructuredResultV2 {
  if (method !== 'GET' || result.statusCode !== 200 || result.body === undefined) return result;
  const etag = `"${createHash('sha256').update(result.body).digest('base64url').slice(0, 22)}"`;
  const kept = { ...result.headers, etag };
  const known = (headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim());
  return known.some((tag) => tag === etag || tag === `W/${etag}`)
    ? { statusCode: 304, headers: kept }
    : { ...result, headers: kept };
}

function toResult(answer: HttpAnswer, requestId: string): APIGatewayProxyStructuredResultV2 {
  const text = typeof answer.body === 'string';
  return {
    statusCode: answer.status,
    headers: {
      ...(answer.body === undefined || text ? {} : { 'content-type': 'application/json' }),
      'x-request-id': requestId,
      ...answer.headers,
    },
    ...(answer.body === undefined
      ? {}
      : { body: typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body) }),
    ...(answer.isBase64 === true ? { isBase64Encoded: true } : {}),
  };
}

/** Kept of a function's time for the answer itself. */
const RESERVE_MS = SECOND;

/** Ends when the answer has to be given: after the time limit API Gateway answers in our place, without `Retry-After`. */
const endOf = (context: Pick<Context, 'getRemainingTimeInMillis'> | undefined): AbortSignal =>
  context === undefined
    ? new AbortController().signal
    : AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));

/** What an error is to the caller; logs those that no route meant to throw. */
function refusalOf(error: unknown, requestId: string, observe: Observation): Refused {
  if (error instanceof Refused) return error;
  if (error instanceof Unavailable) {
    const { dependency } = error;
    observe.error('answered 503', { requestId, dependency, error: describeError(error) });
    return new Refused(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.', {
      headers: { 'retry-after': '5' },
    });
  }
  observe.error('answered 500', { requestId, error: describeError(error) });
  return new Refused(500, 'INTERNAL_ERROR', 'The request could not be handled.');
}

/**
 * Makes a Lambda handler of a route. A `Refused` that the route throws is answered as it says; a part that
 * is down, or that takes longer than the function may, is answered 503 with Retry-After, anything else 500.
 */
export function httpHandler(observe: Observation, build: () => Promise<HttpRoute> | HttpRoute) {
  const route = lazy(build);
  const answer = async (request: HttpRequest) => (await route())(request);
  return async (
    event: APIGatewayProxyEventV2,
    context?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const request = toHttpRequest(event);
    const { requestId } = request;
    try {
      return tagged(toResult(await inTime(answer(request), endOf(context)), requestId), request);
    } catch (error) {
      const refused = refusalOf(error, requestId, observe);
      const at = { requestId, now: event.requestContext.timeEpoch };
      return toResult(errorAnswer(refused, at), requestId);
    } finally {
      observe.flush();
    }
  };
}
