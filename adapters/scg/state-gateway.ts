import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { MessageState, StateGateway } from '../../domain/feedback/ports.ts';
import { parseJson } from '../../domain/json.ts';
import type { HttpClient } from '../http.ts';
import { inconclusive, secretIncomplete, toUnavailable } from '../provider-verdict.ts';
import { scgAccount } from './account.ts';
import { scgVerdict } from './answer.ts';

const listSchema = z.object({
  list: z.array(
    z.object({
      message_request_id: z.string().nullish(),
      state: z.string(),
      failure_code: z.union([z.string(), z.number()]).nullish(),
      failure_details: z.string().nullish(),
    }),
  ),
});

/** A message's `failure_code` speaks in words where events have numbers. */
const codeOfWord: Readonly<Record<string, string>> = {
  INVALID_RECIPIENT: '1002',
  NO_CONSENT: '1005',
};

/** Asks by `GET …/message_requests/{id}/messages`: one message, because we write to one person at a time; waits `timeoutMs` for the answer. */
export const scgStateGateway = (
  http: HttpClient,
  timeoutMs: number,
  clock: Clock,
): StateGateway => ({
  stateOf: async (requestId, secret): Promise<MessageState> => {
    const account = scgAccount(secret);
    if ('missing' in account) return toUnavailable(secretIncomplete(account.missing), 'Syniverse');
    const url = new URL(account.requestsUrl);
    url.pathname = `${url.pathname}/${encodeURIComponent(requestId)}/messages`;
    const headers = { authorization: account.authorization };
    const signal = AbortSignal.timeout(timeoutMs);
    const exchange = await http({ method: 'GET', url, headers }, signal);
    if (exchange.kind === 'answer' && exchange.status === 200) {
      const list = listSchema.safeParse(parseJson(exchange.body)).data?.list;
      if (list === undefined) return inconclusive('Syniverse');
      const [message] = list;
      if (message === undefined) return { kind: 'absent' };
      if (message.message_request_id && message.message_request_id !== requestId) {
        return inconclusive('Syniverse');
      }
      return known(message);
    }
    const verdict = scgVerdict(exchange, clock());
    // 4040: not found. An expired token is a 404 as well, with a code of its own.
    return verdict.code === 'SCG_ERROR_4040'
      ? { kind: 'absent' }
      : toUnavailable(verdict, 'Syniverse');
  },
});

function known(message: z.infer<typeof listSchema>['list'][number]): MessageState {
  const word = message.failure_code == null ? '' : `${message.failure_code}`;
  const code = Object.hasOwn(codeOfWord, word) ? codeOfWord[word] : word;
  return {
    kind: 'known',
    word: message.state.toUpperCase(),
    ...(code ? { errorCode: code } : {}),
    ...(message.failure_details ? { errorText: message.failure_details } : {}),
  };
}
