import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpApi, startHttpApi } from '../../local/runner/http-api.ts';
import type { Cors } from '../../local/template/resources.ts';

let api: HttpApi | undefined;
afterEach(() => api?.close());

/** An API with one route, whose function answers with `answer`; what it got is in `events`. */
async function anApi(
  answer: (event: unknown) => unknown,
  { cors, timeoutMs = 30_000 }: { cors?: Cors; timeoutMs?: number } = {},
) {
  const events: APIGatewayProxyEventV2[] = [];
  api = await startHttpApi(0);
  const route = { routeKey: 'POST /a/{id}', functionArn: 'arn:one', timeoutMs };
  api.serve([route], cors, async (_arn, event) => {
    events.push(JSON.parse(JSON.stringify(event)));
    return answer(event);
  });
  return { url: api.url, events };
}

const accepted = () => ({ statusCode: 202, headers: { 'X-Own': 1 }, body: 'yes' });

describe('the HTTP API', () => {
  it('answers 503 until it serves', async () => {
    api = await startHttpApi(0);
    expect((await fetch(api.url)).status).toBe(503);
  });

  it('hands a request over as payload 2.0 and the answer back', async () => {
    const { url, events } = await anApi(accepted);
    const response = await fetch(`${url}/a/x%2Fy?b=2&a=1&a=%20`, {
      method: 'POST',
      body: '{"ä":1}',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        cookie: 'c=1; d=2',
        'X-Two': '2',
      },
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('x-own')).toBe('1');
    expect(response.headers.get('apigw-requestid')).toBe(events[0]?.requestContext.requestId);
    expect(await response.text()).toBe('yes');
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'POST /a/{id}',
      rawPath: '/a/x%2Fy',
      rawQueryString: 'b=2&a=1&a=%20',
      queryStringParameters: { a: '1, ', b: '2' },
      pathParameters: { id: 'x/y' },
      cookies: ['c=1', 'd=2'],
      headers: { 'x-two': '2' },
      body: '{"ä":1}',
      isBase64Encoded: false,
      requestContext: { http: { method: 'POST', path: '/a/x%2Fy' }, stage: '$default' },
    });
    expect(events[0]?.headers).not.toHaveProperty('cookie');
  });

  it.each([
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    ['text/plain;charset=UTF-8', false],
    ['application/problem+json', false],
  ])('encodes a body of type %s: %s', async (type, encoded) => {
    const { url, events } = await anApi(accepted);
    await fetch(`${url}/a/1`, { method: 'POST', body: 'a=1', headers: { 'content-type': type } });
    expect(events[0]?.isBase64Encoded).toBe(encoded);
    expect(events[0]?.body).toBe(encoded ? Buffer.from('a=1').toString('base64') : 'a=1');
  });

  it('decodes a base64 answer, and takes an answer without a status for JSON', async () => {
    const first = await anApi(() => ({ statusCode: 200, body: 'aGk=', isBase64Encoded: true }));
    expect(await (await fetch(`${first.url}/a/1`, { method: 'POST' })).text()).toBe('hi');
    await api?.close();
    const second = await anApi(() => ({ plain: true }));
    const response = await fetch(`${second.url}/a/1`, { method: 'POST' });
    expect(await response.json()).toEqual({ plain: true });
  });

  it('has answers of its own: no such route, a function that fails, one that takes too long', async () => {
    const { url } = await anApi(() => {
      throw new Error('broken');
    });
    const missing = await fetch(`${url}/b`);
    expect([missing.status, await missing.json()]).toEqual([404, { message: 'Not Found' }]);
    const failed = await fetch(`${url}/a/1`, { method: 'POST' });
    expect([failed.status, await failed.json()]).toEqual([
      500,
      { message: 'Internal Server Error' },
    ]);
    await api?.close();
    const slow = await anApi(() => new Promise(() => {}), { timeoutMs: 1 });
    const late = await fetch(`${slow.url}/a/1`, { method: 'POST' });
    expect([late.status, await late.json()]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it('refuses more than 10 MB', async () => {
    const { url } = await anApi(accepted);
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${url}/a/1`, { method: 'POST' }, async (response) => {
        await text(response);
        resolve(response.statusCode);
      });
      sent.on('error', reject).end(Buffer.alloc(10 * 1024 * 1024 + 1));
    });
    expect(status).toBe(413);
  });

  it('applies the CORS rules by itself', async () => {
    const cors: Cors = {
      AllowOrigins: ['https://flex.example'],
      AllowMethods: ['POST'],
      AllowHeaders: ['x-api-key'],
      ExposeHeaders: [],
      MaxAge: 60,
      AllowCredentials: false,
    };
    const { url, events } = await anApi(accepted, { cors });
    const ask = (origin: string) => fetch(`${url}/a/1`, { method: 'OPTIONS', headers: { origin } });
    const friend = await ask('https://flex.example');
    expect(friend.status).toBe(204);
    expect(friend.headers.get('access-control-allow-origin')).toBe('https://flex.example');
    expect(friend.headers.get('access-control-allow-headers')).toBe('x-api-key');
    expect(friend.headers.get('access-control-max-age')).toBe('60');
    const stranger = await ask('https://other.example');
    expect(stranger.headers.has('access-control-allow-origin')).toBe(false);
    expect(events).toHaveLength(0);
    const post = await fetch(`${url}/a/1`, {
      method: 'POST',
      headers: { origin: 'https://flex.example' },
    });
    expect(post.headers.get('access-control-allow-origin')).toBe('https://flex.example');
  });
});
