import type { HttpRequest } from '../../domain/http.ts';

/** A POST with a JSON body. */
export function anHttpRequest(overrides: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    path: '/twilio/messages',
    routeKey: 'POST /twilio/messages',
    params: {},
    rawQuery: '',
    query: new URLSearchParams(),
    headers: {},
    body: '',
    requestId: 'request-1',
    ...overrides,
  };
}
