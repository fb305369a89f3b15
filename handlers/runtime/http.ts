import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { SECOND } from '../../domain/clock.ts';
import type { HttpAnswer, HttpRequest } from '../../domain/http.ts';
import { errorAnswer } from '../../domain/http.ts';
import { inTime } from '../../domain/in-time.ts';
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
  };
}

/** Kept of a function's time for the answer itself. */
const RESERVE_MS = SECOND;

/** Ends when the answer has to be given: after the time limit API Gateway answers in our place, without `Retry-After`. */
const endOf = (context: Pick<Context, 'getRemainingTimeInMillis'> | undefined): AbortSignal =>
  context === undefined
    ? new AbortController().signal
    : AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - RESERVE_MS));

/**
 * Makes a Lambda handler of a route. What the route throws never reaches the caller: a part that is
 * down, or that takes longer than the function may, becomes 503 with Retry-After, anything else 500.
 */
export function httpHandler(observe: Observation, build: () => Promise<HttpRoute> | HttpRoute) {
  const route = lazy(build);
  const answer = async (request: HttpRequest) => (await route())(request);
  return async (
    event: APIGatewayProxyEventV2,
    context?: Pick<Context, 'getRemainingTimeInMillis'>,
  ): Promise<APIGatewayProxyStructuredResultV2> => {
    const request = toHttpRequest(event);
    const at = { requestId: request.requestId, now: event.requestContext.timeEpoch };
    try {
      return toResult(await inTime(answer(request), endOf(context)), request.requestId);
    } catch (error) {
      if (error instanceof Unavailable) {
        observe.error('answered 503', {
          requestId: request.requestId,
          dependency: error.dependency,
          error: describeError(error),
        });
        return toResult(
          errorAnswer(503, 'SERVICE_UNAVAILABLE', 'Try again shortly.', at, {
            headers: { 'retry-after': '5' },
          }),
          request.requestId,
        );
      }
      observe.error('answered 500', {
        requestId: request.requestId,
        error: describeError(error),
      });
      return toResult(
        errorAnswer(500, 'INTERNAL_ERROR', 'The request could not be handled.', at),
        request.requestId,
      );
    } finally {
      observe.flush();
    }
  };
}
