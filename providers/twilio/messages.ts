import domainModule from 'twilio/lib/base/Domain.js';
import versionModule from 'twilio/lib/base/Version.js';
import { MessageListInstance } from 'twilio/lib/rest/api/v2010/account/message.js';
import type { Exchange, HttpClient } from '../../adapters/http/client.ts';
import type { TwilioAccount } from './account.ts';

/** What the parts of the `twilio` package ask of their client. Its own brings axios and half a second of cold start. */
type Call = {
  readonly method: string;
  readonly uri: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
};

export type TwilioMessages = {
  readonly messages: MessageListInstance;
  /** How the last call went; undefined before any left the package. */
  readonly last: () => Exchange | undefined;
};

function form(values: Readonly<Record<string, unknown>>): URLSearchParams {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    // A repeated field, such as MediaUrl, is a list.
    for (const each of Array.isArray(value) ? value : [value]) params.append(name, String(each));
  }
  return params;
}

/**
 * The call's address under the account's own: only what follows `/Messages`, so that a link in an
 * answer cannot lead the credentials elsewhere, and an address of any shape in the secret works.
 */
function urlOf({ uri, params = {} }: Call, { messagesUrl }: TwilioAccount): URL {
  const asked = new URL(uri, messagesUrl);
  const url = new URL(messagesUrl);
  const tail = /\/Messages((?:\/[^/]+)*\.json)$/.exec(asked.pathname)?.[1] ?? '.json';
  url.pathname = url.pathname.replace(/\.json$/, tail);
  url.search = asked.search;
  for (const [name, value] of form(params)) url.searchParams.append(name, value);
  return url;
}

/** Twilio's Message resource over our HTTP client, for one attempt. */
export function twilioMessages(
  http: HttpClient,
  account: TwilioAccount,
  signal: AbortSignal,
): TwilioMessages {
  let last: Exchange | undefined;
  const client = {
    request: async (call: Call) => {
      last = undefined;
      const exchange = await http(
        {
          method: call.method === 'get' ? 'GET' : 'POST',
          url: urlOf(call, account),
          headers: {
            authorization: account.authorization,
            ...(call.data ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
          },
          ...(call.data ? { body: form(call.data).toString() } : {}),
        },
        signal,
      );
      last = exchange;
      if (exchange.kind !== 'answer') throw new Error(exchange.kind);
      return { statusCode: exchange.status, body: exchange.body, headers: exchange.headers };
    },
  };
  type Client = ConstructorParameters<typeof domainModule.default>[0];
  type Version = Parameters<typeof MessageListInstance>[0];
  // The types ask for the whole client and API version; the resource uses these two functions of them.
  const domain = new domainModule.default(client as unknown as Client, account.messagesUrl.origin);
  const version = new versionModule.default(domain, '2010-04-01') as unknown as Version;
  return { messages: MessageListInstance(version, account.accountSid), last: () => last };
}
