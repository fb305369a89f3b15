import type { Exchange, HttpClient } from '../../domain/exchange.ts';
import type { TwilioAccount } from './account.ts';

/**
 * Twilio's Message resource, for one attempt, over our own HTTP client: only that one can say whether a
 * request was written. https://www.twilio.com/docs/messaging/api/message-resource
 */
export type TwilioMessages = {
  readonly create: (fields: readonly Field[]) => Promise<Exchange>;
  /** The first page of the messages to a recipient. */
  readonly page: (to: string, pageSize: number) => Promise<Exchange>;
  /** A further page, by the `next_page_uri` of the one before. */
  readonly nextPage: (uri: string) => Promise<Exchange>;
};

/** A field of a form; a list is sent as the same field several times. */
export type Field = readonly [name: string, value: string];

/**
 * The address of a further page under the account's own address: only what follows `/Messages` counts,
 * so that a link in an answer cannot send the credentials elsewhere, and an address of any shape in the
 * secret works.
 */
function pageUrl(uri: string, messagesUrl: URL): URL {
  const asked = URL.parse(uri, messagesUrl.href) ?? messagesUrl;
  const url = new URL(messagesUrl);
  const tail = /\/Messages((?:\/[^/]+)*\.json)$/.exec(asked.pathname)?.[1] ?? '.json';
  url.pathname = url.pathname.replace(/\.json$/, tail);
  url.search = asked.search;
  return url;
}

const encode = (fields: readonly Field[]): string =>
  new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString();

export function twilioMessages(
  http: HttpClient,
  { messagesUrl, authorization }: Pick<TwilioAccount, 'messagesUrl' | 'authorization'>,
  signal: AbortSignal,
): TwilioMessages {
  const get = (url: URL) => http({ method: 'GET', url, headers: { authorization } }, signal);
  return {
    create: (fields) =>
      http(
        {
          method: 'POST',
          url: messagesUrl,
          headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
          body: encode(fields),
        },
        signal,
      ),
    page: (to, pageSize) => {
      const url = new URL(messagesUrl);
      url.search = encode([
        ['To', to],
        ['PageSize', `${pageSize}`],
      ]);
      return get(url);
    },
    nextPage: (uri) => get(pageUrl(uri, messagesUrl)),
  };
}
