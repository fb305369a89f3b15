import { describe, expect, it } from 'vitest';
import { router } from '../../local/runner/routes.ts';

const find = router(
  [
    'GET /things/{id}',
    'GET /things/latest',
    'ANY /things/{id}',
    'POST /webhooks/{tenantId}/status',
    'GET /files/{path+}',
    'GET /',
  ].map((routeKey) => ({ routeKey })),
);

describe('a route', () => {
  it.each([
    ['GET', '/', 'GET /', {}],
    ['GET', '/things/1', 'GET /things/{id}', { id: '1' }],
    ['GET', '/things/latest', 'GET /things/latest', {}],
    ['DELETE', '/things/latest', 'ANY /things/{id}', { id: 'latest' }],
    ['POST', '/webhooks/a%20b/status', 'POST /webhooks/{tenantId}/status', { tenantId: 'a b' }],
    ['POST', '/webhooks/%zz/status', 'POST /webhooks/{tenantId}/status', { tenantId: '%zz' }],
    ['GET', '/files/a/b/c', 'GET /files/{path+}', { path: 'a/b/c' }],
  ])('%s %s is %s', (method, path, routeKey, params) => {
    expect(find(method, path)).toEqual({ route: { routeKey }, params });
  });

  it.each([
    ['GET', '/nothing'],
    ['POST', '/'],
    ['GET', '/things/'],
    ['GET', '/things/1/more'],
    ['GET', '/files/'],
  ])('there is none for %s %s', (method, path) => {
    expect(find(method, path)).toBeUndefined();
  });

  it('is $default where no other fits', () => {
    const route = { routeKey: '$default' };
    expect(router([route])('GET', '/any')).toEqual({ route, params: {} });
  });
});
