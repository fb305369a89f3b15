import * as z from 'zod';
import type { MessageState, StateGateway } from '../../domain/feedback/ports.ts';
import { parseJson } from '../../domain/json.ts';
import type { StateGatewayDeps } from '../../domain/provider.ts';
import { inconclusive, secretIncomplete, toUnavailable } from '../verdict.ts';
import { twilioAccount } from './account.ts';
import { twilioVerdict } from './answer.ts';

const messageSchema = z.object({
  sid: z.string(),
  status: z.string(),
  error_code: z.union([z.number(), z.string()]).nullish(),
  error_message: z.string().nullish(),
});

function stateIn(body: string, sid: string): MessageState {
  const message = messageSchema.safeParse(parseJson(body)).data;
  if (message?.sid !== sid) return inconclusive('Twilio');
  const { error_code, error_message } = message;
  return {
    kind: 'known',
    word: message.status,
    ...(error_code == null ? {} : { errorCode: `${error_code}` }),
    ...(error_message ? { errorText: error_message } : {}),
  };
}

/** Asks by `GET …/Messages/{Sid}.json`. https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message-resource */
export const twilioStateGateway = ({ http, timeoutMs, clock }: StateGatewayDeps): StateGateway => ({
  stateOf: async (sid, secret): Promise<MessageState> => {
    const account = twilioAccount(secret);
    if ('missing' in account) return toUnavailable(secretIncomplete(account.missing), 'Twilio');
    const url = new URL(account.messagesUrl);
    url.pathname = url.pathname.replace(/\.json$/, `/${encodeURIComponent(sid)}.json`);
    const headers = { authorization: account.authorization };
    const signal = AbortSignal.timeout(timeoutMs);
    const exchange = await http({ method: 'GET', url, headers }, signal);
    if (exchange.kind === 'answer' && exchange.status === 200) return stateIn(exchange.body, sid);
    const verdict = twilioVerdict(exchange, clock());
    // 20404: the message was deleted. Any other 404 is an address that is wrong.
    return verdict.code === '20404' ? { kind: 'absent' } : toUnavailable(verdict, 'Twilio');
  },
});
