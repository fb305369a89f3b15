import { violationsOf } from '../openapi/checker.ts';

/** The parsed body of a request, where it is one that the description knows the shape of. */
function sentBy(init: RequestInit | undefined): { sent: unknown; sentType: string } | undefined {
  const { body } = init ?? {};
  if (body === undefined || body === null) return undefined;
  const given = new Headers(init?.headers).get('content-type')?.split(';')[0];
  if (body instanceof URLSearchParams || given === 'application/x-www-form-urlencoded') {
    const fields = new URLSearchParams(String(body));
    return { sent: Object.fromEntries(fields), sentType: 'application/x-www-form-urlencoded' };
  }
  if (typeof body !== 'string') return undefined;
  return given === 'text/plain'
    ? { sent: body, sentType: given }
    : { sent: JSON.parse(body || '{}'), sentType: 'application/json' };
}

async function answered(response: Response) {
  const type = response.headers.get('content-type')?.split(';')[0] ?? undefined;
  const text = await response.clone().text();
  if (text === '') return { status: response.status };
  const body: unknown = type === 'application/json' ? JSON.parse(text) : text;
  return { status: response.status, body, ...(type === undefined ? {} : { type }) };
}

let checked = 0;
/** How many calls of the service were checked. */
export const callsChecked = (): number => checked;

const plain = globalThis.fetch;

/**
 * Every call of the service by a test of this process is checked against the API description: the answer
 * always, the request where it was accepted. The service is told from the simulators by its X-Request-ID.
 */
globalThis.fetch = async (input, init) => {
  const response = await plain(input, init);
  if (!response.headers.has('x-request-id')) return response;
  const url = new URL(input instanceof Request ? input.url : input);
  const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
  const answer = await answered(response);
  const isAccepted = response.status < 300;
  const found = violationsOf({
    method,
    path: url.pathname,
    ...answer,
    ...(isAccepted ? { ...sentBy(init), query: Object.fromEntries(url.searchParams) } : {}),
  });
  checked += 1;
  if (found.length === 0) return response;
  throw new Error(`${method} ${url.pathname} is not as openapi.yaml has it: ${found.join('; ')}`);
};
