import type { Issue } from '../http.ts';

/** `&amp;`, `&nbsp;`, `&#8217;`: a phone shows them as they are. */
const HTML_ENTITY = /&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});/i;
const HTML_TAG = /<\/?(?:a|b|br|div|em|font|i|img|p|span|strong|u)\b[^<>]*>/i;

/** Shorteners that anybody can use. Carriers block messages with their links, because spam has them too. */
const publicShorteners = [
  'bit.ly',
  'buff.ly',
  'cutt.ly',
  'goo.gl',
  'is.gd',
  'ow.ly',
  'rb.gy',
  'rebrand.ly',
  'shorturl.at',
  't.co',
  't.ly',
  'tiny.cc',
  'tinyurl.com',
];
/** The host of a link, at the start of a word. */
const LINK = /(?<![^\s("'<])(?:https?:\/\/)?(?:www\.)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[/?#])/gi;

const shortenerIn = (text: string): string | undefined =>
  [...text.matchAll(LINK)]
    .map(([, host = '']) => host.toLowerCase())
    .find((host) => publicShorteners.includes(host));

/** What a text holds that its author probably did not mean, or that carriers do not like. */
export function* textWarnings(text: string): Generator<Issue> {
  const entity = HTML_ENTITY.exec(text)?.[0];
  if (entity !== undefined) {
    yield { field: 'body', issue: `has the HTML entity ${entity}, which phones show as it is` };
  }
  if (HTML_TAG.test(text)) {
    yield { field: 'body', issue: 'has HTML tags, which phones show as they are' };
  }
  const shortener = shortenerIn(text);
  if (shortener !== undefined) {
    yield {
      field: 'body',
      issue: `has a link of the public shortener ${shortener}, which carriers block (Twilio error 30007)`,
    };
  }
}
