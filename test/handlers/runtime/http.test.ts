import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../../../domain/http.ts';
import { Refused } from '../../../domain/refused.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { ConfigError } from '../../../handlers/runtime/config.ts';
import { type HttpRoute, httpHandler, toHttpRequest } from '../../../handlers/runtime/http.ts';
import { shortTimeouts } from '../../../handlers/runtime/secrets.ts';
import { anApiEvent } from '../../builders/api-event.ts';
import { readServerless } from '../../builders/serverless.ts';
import { fakeObserve } from '../../fakes/observe.ts';

function serving(route: HttpRoute) {
  let flushed = 0;
  const fake = fakeObserve();
  const observe = {
    ...fake,
    flush: () => {
      flushed += 1;
    },
  };
  return { handler: httpHandler(observe, () => route), observe: fake, flushed: () => flushed };
}
const failing = (error: unknown) =>
  serving(async () => {
    throw error;
  });

describe('a request', () => {
  it('has header names in lower case, parameters and the query as it was sent', () => {
    const request = toHttpRequest(
      anApiEvent({
        headers: { 'X-Api-Key': 'key' },
        params: { tenantId: 'tenant-a' },
        query: 'b=2&a=%20x',
      }),
    );
    expect(request).toMatchObject({
      method: 'POST',
      path: '/twilio/messages',
      routeKey: 'POST /twilio/messages',
      headers: { 'x-api-key': 'key' },
      params: { tenantId: 'tenant-a' },
      rawQuery: 'b=2&a=%20x',
      requestId: 'request-1',
    });
    expect(request.query.get('a')).toBe(' x');
  });

  it.each([
    ['plain', { body: 'From=%2B1&Body=Grüße 🎉' }],
    [
      'in base64, as forms always are on the real API',
      { body: Buffer.from('From=%2B1&Body=Grüße 🎉').toString('base64'), base64: true },
    ],
  ])('has its body decoded when it came %s', (_name, event) => {
    expect(toHttpRequest(anApiEvent(event)).body).toBe('From=%2B1&Body=Grüße 🎉');
  });

  it('without a body has an empty one', () => {
    expect(toHttpRequest(anApiEvent()).body).toBe('');
  });
});

describe('an answer', () => {
  it('is JSON for an object, with the id of the request', async () => {
    const { handler, flushed } = serving(async () => ({ status: 202, body: { guid: 'g' } }));
    expect(await handler(anApiEvent())).toEqual({
      statusCode: 202,
      headers: { 'content-type': 'application/json', 'x-request-id': 'request-1' },
      body: '{"guid":"g"}',
    });
    expect(flushed()).toBe(1);
  });

  it('is sent as it is for a text, with its own headers', async () => {
    const { handler } = serving(async () => ({
      status: 200,
      headers: { 'content-type': 'text/xml' },
      body: '<Response/>',
    }));
    expect(await handler(anApiEvent())).toEqual({
      statusCode: 200,
      headers: { 'content-type': 'text/xml', 'x-request-id': 'request-1' },
      body: '<Response/>',
    });
  });

  it('may have no body', async () => {
    const { handler } = serving(async () => ({ status: 204 }));
    expect(await handler(anApiEvent())).toEqual({
      statusCode: 204,
      headers: { 'x-request-id': 'request-1' },
    });
  });

  it('is given by the request alone', async () => {
    const seen: HttpRequest[] = [];
    const { handler } = serving(async (request) => {
      seen.push(request);
      return { status: 204 };
    });
    await handler(anApiEvent({ body: 'one' }));
    await handler(anApiEvent({ body: 'two' }));
    expect(seen.map(({ body }) => body)).toEqual(['one', 'two']);
  });
});

describe('a route that throws', () => {
  it('because a part is down is answered 503, with when to try again', async () => {
    const cause = Object.assign(new Error('secret-text'), { name: 'AccessDeniedException' });
    const { handler, observe, flushed } = failing(new Unavailable('outbound-queue', { cause }));
    const answer = await handler(anApiEvent());
    expect(answer.statusCode).toBe(503);
    expect(answer.headers?.['retry-after']).toMatch(/^\d+$/);
    expect(JSON.parse(answer.body ?? '')).toEqual({
      error: {
        code: 'SERVICE_UNAVAILABLE',
        message: 'Try again shortly.',
        details: [],
        timestamp: '2026-03-02T09:00:00.000Z',
        requestId: 'request-1',
      },
    });
    expect(observe.lines[0]?.fields).toMatchObject({
      dependency: 'outbound-queue',
      error: expect.stringContaining('caused by AccessDeniedException'),
    });
    expect(JSON.stringify(observe.lines)).not.toContain('secret-text');
    expect(flushed()).toBe(1);
  });

  it('a refusal is answered in the error shape, with its headers, and not logged as a failure', async () => {
    const { handler, observe, flushed } = failing(
      new Refused(409, 'CONFLICT', 'It has changed.', {
        details: [{ field: 'id', issue: 'has changed' }],
        headers: { 'retry-after': '2' },
      }),
    );
    const answer = await handler(anApiEvent());
    expect(answer.statusCode).toBe(409);
    expect(answer.headers).toEqual({
      'content-type': 'application/json',
      'x-request-id': 'request-1',
      'retry-after': '2',
    });
    expect(JSON.parse(answer.body ?? '')).toEqual({
      error: {
        code: 'CONFLICT',
        message: 'It has changed.',
        details: [{ field: 'id', issue: 'has changed' }],
        timestamp: '2026-03-02T09:00:00.000Z',
        requestId: 'request-1',
      },
    });
    expect(observe.lines).toEqual([]);
    expect(flushed()).toBe(1);
  });

  it.each([new TypeError('secret-text in a message'), 'secret-text', undefined, null])(
    'something else (%s) is answered 500, and neither answer nor log repeats it',
    async (error) => {
      const { handler, observe } = failing(error);
      const answer = await handler(anApiEvent());
      expect(answer.statusCode).toBe(500);
      expect(answer.body).not.toMatch(/secret-text|TypeError|\.ts/);
      expect(JSON.stringify(observe.lines)).not.toContain('secret-text');
    },
  );

  it('or one that takes as long as the function may is answered 503 before API Gateway answers', async () => {
    const { handler, observe } = serving(() => new Promise(() => {}));
    const answer = await handler(anApiEvent(), { getRemainingTimeInMillis: () => 1_001 });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers?.['retry-after']).toMatch(/^\d+$/);
    expect(observe.lines[0]?.fields).toMatchObject({ dependency: 'time' });
  });

  it('or a wiring that never ends is answered 503 too', async () => {
    const handler = httpHandler({ ...fakeObserve(), flush: () => {} }, () => new Promise(() => {}));
    const answer = await handler(anApiEvent(), { getRemainingTimeInMillis: () => 0 });
    expect(answer.statusCode).toBe(503);
  });

  it('because keys, secret and queue all take their whole time does so within that of the function', () => {
    const { requestTimeout, maxAttempts } = shortTimeouts;
    // Between two tries the SDK waits 100 ms at most.
    const longest = maxAttempts * requestTimeout + (maxAttempts - 1) * 100;
    const { timeout } = readServerless().provider;
    expect(3 * longest).toBeLessThan((timeout - 1) * 1_000);
  });

  it('is named in the log, with where it threw', async () => {
    const { handler, observe } = failing(new TypeError('secret-text'));
    await handler(anApiEvent());
    expect(observe.lines[0]?.fields.error).toMatch(/^TypeError at .*http\.test\.ts/);
  });

  it('because of the configuration says in the log what to fix', async () => {
    const { handler, observe } = failing(new ConfigError('event_ttl: is no number.'));
    expect((await handler(anApiEvent())).statusCode).toBe(500);
    expect(observe.lines[0]?.fields.error).toContain('event_ttl: is no number.');
  });
});

it('A wiring that failed is tried again at the next request', async () => {
  let tries = 0;
  const handler = httpHandler({ ...fakeObserve(), flush: () => {} }, () => {
    tries += 1;
    if (tries === 1) throw new Unavailable('secrets');
    return async () => ({ status: 204 });
  });
  expect((await handler(anApiEvent())).statusCode).toBe(503);
  expect((await handler(anApiEvent())).statusCode).toBe(204);
  expect((await handler(anApiEvent())).statusCode).toBe(204);
  expect(tries).toBe(2);
});
