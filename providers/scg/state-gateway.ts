import * as z from 'zod';
import type { Answer, Exchange } from '../../domain/exchange.ts';
import type { MessageState, StateGateway } from '../../domain/feedback/ports.ts';
import { parseJson } from '../../domain/json.ts';
import type { StateGatewayDeps } from '../../domain/provider.ts';
import { inconclusive, secretIncomplete, toUnavailable } from '../verdict.ts';
import { scgAccount } from './account.ts';
import { scgVerdict } from './answer.ts';
import { failureCodeOf, failureFields } from './refusal.ts';

const messageSchema = z.object({
  message_request_id: z.string().nullish(),
  state: z.string(),
  ...failureFields,
});
const listSchema = z.object({ list: z.array(messageSchema) });
const requestSchema = z.object({
  id: z.union([z.string(), z.number()]),
  state: z.string(),
  ...failureFields,
});

/** Not found, by the codes of a resource. An address that is wrong is 404 without any of them. */
const notFound = new Set(['SCG_ERROR_404', 'SCG_ERROR_4040', 'SCG_ERROR_4041']);

/**
 * Asks by `GET …/message_requests/{id}/messages`: one message, because we write to one person at a time.
 * A request without messages is asked for itself, because SCG makes none for one that it rejects.
 */
export const scgStateGateway = ({ http, timeoutMs, clock }: StateGatewayDeps): StateGateway => ({
  stateOf: async (requestId, secret): Promise<MessageState> => {
    const account = scgAccount(secret);
    if ('missing' in account) return toUnavailable(secretIncomplete(account.missing), 'Syniverse');
    const get = (path: string) => {
      const url = new URL(account.requestsUrl);
      url.pathname += path;
      const headers = { authorization: account.authorization };
      return http({ method: 'GET', url, headers }, AbortSignal.timeout(timeoutMs));
    };
    const path = `/${encodeURIComponent(requestId)}`;
    const messages = await get(`${path}/messages`);
    if (!isFound(messages)) return withoutState(messages, clock());
    const list = listSchema.safeParse(parseJson(messages.body)).data?.list;
    if (list === undefined) return inconclusive('Syniverse');
    const [message] = list;
    if (message === undefined) return stateOfRequest(requestId, await get(path), clock());
    if (message.message_request_id && message.message_request_id !== requestId) {
      return inconclusive('Syniverse');
    }
    return known(message);
  },
});

const isFound = (exchange: Exchange): exchange is Answer =>
  exchange.kind === 'answer' && exchange.status === 200;

function stateOfRequest(requestId: string, exchange: Exchange, now: number): MessageState {
  if (!isFound(exchange)) return withoutState(exchange, now);
  const request = requestSchema.safeParse(parseJson(exchange.body)).data;
  return `${request?.id}` === requestId && request ? known(request) : inconclusive('Syniverse');
}

function withoutState(exchange: Exchange, now: number): MessageState {
  const verdict = scgVerdict(exchange, now);
  return notFound.has(verdict.code) ? { kind: 'absent' } : toUnavailable(verdict, 'Syniverse');
}

function known(
  resource: Pick<z.infer<typeof messageSchema>, 'state' | 'failure_code' | 'failure_details'>,
): MessageState {
  const code = failureCodeOf(resource);
  const details = resource.failure_details;
  return {
    kind: 'known',
    word: resource.state.toUpperCase(),
    ...(code ? { errorCode: code } : {}),
    ...(details ? { errorText: `${details}` } : {}),
  };
}
