import * as z from 'zod';
import type { ErrorTable, LateErrorTable } from '../../../domain/delivery/error-table.ts';
import type { LookUp } from '../../../domain/delivery/outcome.ts';
import type { Exchange, HttpCall } from '../../../domain/exchange.ts';
import type { CallbackReading, Callbacks } from '../../../domain/feedback/callback.ts';
import type { Correlation } from '../../../domain/feedback/correlation.ts';
import type { MessageState } from '../../../domain/feedback/ports.ts';
import type { StatusNames } from '../../../domain/feedback/status-names.ts';
import { parseJson } from '../../../domain/json.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import type { ProviderRules } from '../../../domain/outbound/provider-rules.ts';
import type { Provider } from '../../../domain/provider.ts';
import { providerIdSchema } from '../../../domain/provider-id.ts';
import { Refused } from '../../../domain/refused.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import {
  inconclusive,
  secretIncomplete,
  toOutcome,
  toUnavailable,
  type Verdict,
  verdictOfError,
  verdictOfSilence,
} from '../../../providers/verdict.ts';

/*
 * A provider that does not exist, written as docs/adding-a-provider.md says. Its API: POST /messages,
 * GET /messages?reference=, GET /messages/{id}; callbacks with a shared token.
 */
const NAME = 'Acme';

const secretSchema = z.object({ acme_api_url: z.url(), acme_token: z.string() });
const accountOf = (secret: TenantSecret) => secretSchema.safeParse(secret).data;
const incomplete = secretIncomplete('acme_token');

const synchronous: ErrorTable = {
  BAD_NUMBER: {
    class: 'permanent',
    meaning: 'Acme cannot reach this number.',
    advice: 'Correct the number in the customer record.',
  },
  BAD_TOKEN: {
    class: 'config',
    meaning: 'Acme refused the token.',
    advice: 'Put a valid acme_token into the tenant’s secret, then replay.',
  },
};
const late: LateErrorTable = {
  OFF: { class: 'recipient', meaning: 'The phone was off.', advice: 'No action needed.' },
};

const rules: ProviderRules = {
  id: providerIdSchema.parse('acme'),
  capabilities: {
    channels: ['SMS', 'WHATSAPP'],
    maxBodyLength: 500,
    maxMedia: 1,
    templates: false,
  },
  senders: {
    shapes: [/^acme-[a-z]+$/],
    distinct: [{ shape: /^acme-[a-z]+$/, name: 'a sender' }],
    settings: { standard: 'acme_default_sender' },
  },
  keepsReference: true,
  sharesWebhook: () => false,
};

const statuses: StatusNames = {
  meanings: { taken: 'sent', arrived: 'delivered', lost: 'undelivered' },
};

const reference = {
  write: ({ tenantId, guid, identityId, externalCode }: Correlation) =>
    JSON.stringify([tenantId, guid, identityId, externalCode]),
  read: (written: string): Partial<Correlation> | undefined => {
    const parts = z.tuple([z.string(), z.string(), z.string(), z.string()]);
    const read = parts.safeParse(parseJson(written)).data;
    if (read === undefined) return undefined;
    const [tenantId, guid, identityId, externalCode] = read;
    return { tenantId, guid, identityId, externalCode };
  },
};

const answerSchema = z.object({ id: z.string(), status: z.string().optional() });
const listSchema = z.object({ messages: z.array(answerSchema) });
const errorSchema = z.object({ code: z.string() });
const isOk = (exchange: Exchange) => exchange.kind === 'answer' && exchange.status === 200;
const json = (exchange: Exchange) => (exchange.kind === 'answer' ? parseJson(exchange.body) : null);

function verdict(exchange: Exchange): Verdict {
  if (exchange.kind !== 'answer') return verdictOfSilence(exchange, NAME);
  const code = errorSchema.safeParse(parseJson(exchange.body)).data?.code;
  const retryAfter = exchange.headers['retry-after'];
  return {
    ...verdictOfError(exchange, code, code, synchronous, NAME),
    ...(retryAfter ? { retryAfterSeconds: Number(retryAfter) } : {}),
    authentication: exchange.status === 401,
  };
}

function callOf(secret: TenantSecret, path: string, body?: object): HttpCall | undefined {
  const account = accountOf(secret);
  if (account === undefined) return undefined;
  const headers = { authorization: `Bearer ${account.acme_token}` };
  const url = new URL(account.acme_api_url + path);
  return body
    ? { method: 'POST', url, headers, body: JSON.stringify(body) }
    : { method: 'GET', url, headers };
}

const messageOf = (request: MessageRequest) => ({
  to: request.to,
  from: request.from,
  text: request.body,
  reference: reference.write(request),
});

export const acme: Provider = {
  ...rules,
  name: NAME,
  statuses,
  errors: { synchronous, late, keyOf: (code) => code },
  reference,
  maxAnswerBytes: 1024 * 1024,
  messageGateway: ({ http }) => ({
    send: async (request, secret, signal) => {
      const call = callOf(secret, '/messages', messageOf(request));
      if (call === undefined) return toOutcome(incomplete);
      const exchange = await http(call, signal);
      const created = isOk(exchange) ? answerSchema.safeParse(json(exchange)).data : undefined;
      return created
        ? { kind: 'accepted', providerMessageId: created.id }
        : toOutcome(verdict(exchange));
    },
    lookUp: async (request, secret, _attempt, signal): Promise<LookUp> => {
      const query = new URLSearchParams({ reference: reference.write(request) });
      const call = callOf(secret, `/messages?${query}`);
      if (call === undefined) return toUnavailable(incomplete, NAME);
      const exchange = await http(call, signal);
      if (!isOk(exchange)) return toUnavailable(verdict(exchange), NAME);
      const list = listSchema.safeParse(json(exchange)).data;
      if (list === undefined) return inconclusive(NAME);
      const [found] = list.messages;
      return found ? { kind: 'accepted', providerMessageId: found.id } : { kind: 'absent' };
    },
  }),
  stateGateway: ({ http, timeoutMs }) => ({
    stateOf: async (id, secret): Promise<MessageState> => {
      const call = callOf(secret, `/messages/${id}`);
      if (call === undefined) return toUnavailable(incomplete, NAME);
      const exchange = await http(call, AbortSignal.timeout(timeoutMs));
      const found = isOk(exchange) ? answerSchema.safeParse(json(exchange)).data : undefined;
      if (found?.status) return { kind: 'known', word: found.status };
      const isGone = exchange.kind === 'answer' && exchange.status === 404;
      return isGone ? { kind: 'absent' } : toUnavailable(verdict(exchange), NAME);
    },
  }),
};

const callbackSchema = z.object({
  id: z.string(),
  status: z.string().optional(),
  reference: z.string().default(''),
  error: z.string().optional(),
  from: z.string().default(''),
  to: z.string().default(''),
  text: z.string().default(''),
});

function read(body: string): CallbackReading {
  const said = callbackSchema.safeParse(parseJson(body)).data;
  if (said === undefined) {
    return { kind: 'refusal', refusal: new Refused(400, 'BAD_REQUEST', 'It cannot be read.') };
  }
  const { id: providerMessageId, from, to, text } = said;
  if (said.status === undefined) {
    return {
      kind: 'reply',
      providerMessageId,
      channel: 'SMS',
      from,
      to,
      body: text,
      tenantFrom: 'route',
      sender: to,
      attributes: {},
    };
  }
  return {
    kind: 'status',
    word: said.status,
    providerMessageId,
    correlation: reference.read(said.reference),
    channel: 'SMS',
    errorCode: said.error,
    address: to,
  };
}

/** `POST /webhooks/acme/{tenantId}` */
export const acmeCallbacks: Callbacks = {
  provider: rules.id,
  forged: () => new Refused(401, 'UNAUTHORIZED', 'The token is not that of the tenant.'),
  open: ({ body, headers, params }) => ({
    kind: 'opened',
    tenantId: params.tenantId,
    check: (secret) =>
      secret && headers.authorization === `Bearer ${accountOf(secret)?.acme_token}`
        ? 'authentic'
        : 'mismatch',
    content: () => read(body),
  }),
  statuses,
  acknowledge: (result, text) => ({ status: 200, body: { result, text } }),
};
