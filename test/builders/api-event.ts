import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export type ApiEventOverrides = {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly base64?: boolean;
};

/** A request as an HTTP API hands it to a function (payload 2.0). */
export function anApiEvent(overrides: ApiEventOverrides = {}): APIGatewayProxyEventV2 {
  const { method = 'POST', path = '/twilio/messages', query = '', base64 = false } = overrides;
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: query,
    headers: { ...overrides.headers },
    ...(overrides.params ? { pathParameters: { ...overrides.params } } : {}),
    ...(overrides.body === undefined ? {} : { body: overrides.body }),
    isBase64Encoded: base64,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: '127.0.0.1',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'CI360' },
      requestId: 'request-1',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '02/Mar/2026:09:00:00 +0000',
      timeEpoch: Date.parse('2026-03-02T09:00:00.000Z'),
    },
  };
}
