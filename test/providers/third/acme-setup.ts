import { once } from 'node:events';
import * as z from 'zod';
import type { Answer, Exchange, HttpClient } from '../../../domain/exchange.ts';
import { parseJson } from '../../../domain/json.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import type { Treatment } from '../../fakes/message-gateway.ts';
import { aTenantSecret } from '../../fakes/tenant-secrets.ts';

const TOKEN = 'acme-token-for-tests';

/** A tenant's secret with the keys that Acme's row of the schema would add. */
export const acmeSecret: TenantSecret = Object.assign(aTenantSecret(), {
  acme_api_url: 'https://acme.example',
  acme_token: TOKEN,
});

const messageSchema = z.object({ to: z.string(), text: z.string(), reference: z.string() });
type Taken = z.infer<typeof messageSchema> & { readonly id: string };

const answer = (status: number, body: object, headers: Answer['headers'] = {}): Answer => ({
  kind: 'answer',
  status,
  headers,
  body: JSON.stringify(body),
  complete: true,
});

/** Acme at the other end of the HTTP client, in memory. */
export function acmeWorld() {
  const taken: Taken[] = [];
  const onTaken = Promise.withResolvers<void>();
  let treatment: Treatment = 'ok';

  const take = (body: string): Answer => {
    const message = messageSchema.parse(parseJson(body));
    if (message.to.endsWith('81')) return answer(400, { code: 'BAD_NUMBER' });
    const id = `acme-${taken.length + 1}`;
    taken.push({ ...message, id });
    onTaken.resolve();
    return answer(200, { id });
  };
  const list = (url: URL): Answer => {
    const messages = taken.filter(
      ({ reference }) => reference === url.searchParams.get('reference'),
    );
    return answer(200, { messages });
  };

  const http: HttpClient = async ({ url, headers, body = '', method }, signal) => {
    const unanswered: Exchange = { kind: 'unanswered', code: 'ECONNRESET' };
    if (treatment === 'gone') return { kind: 'not-written', code: 'ECONNREFUSED' };
    if (headers?.authorization !== `Bearer ${TOKEN}`) return answer(401, { code: 'BAD_TOKEN' });
    if (treatment === 'throttle') return answer(429, {}, { 'retry-after': '7' });
    if (treatment === 'fail') return answer(500, {});
    if (treatment === 'reset') return unanswered;
    if (method === 'GET') return list(url);
    const result = take(body);
    if (treatment === 'accept-then-reset') return unanswered;
    if (treatment === 'accept-then-hang') {
      await once(signal, 'abort');
      return { kind: 'unanswered', code: 'ABORT_ERR' };
    }
    return result;
  };

  return {
    http,
    accepted: () => taken.map(({ id, text }) => ({ id, body: text })),
    references: () => taken.map(({ reference }) => reference),
    whenAccepted: () => onTaken.promise,
    treat: (next: Treatment) => {
      treatment = next;
    },
  };
}
