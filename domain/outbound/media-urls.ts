/**
 * Several URLs are separated by white space or commas. A comma divides only where another URL
 * starts after it: image services have commas inside their URLs (`/w_200,h_100/a.jpg`).
 */
export const splitUrls = (value: string): string[] =>
  value
    .split(/\s+|,(?=\s*[a-z][a-z0-9+.-]*:)/i)
    .map(withoutOuterCommas)
    .filter((url) => url !== '');

/** By hand: a regular expression for the end of a text tries each comma of a long run again. */
function withoutOuterCommas(url: string): string {
  let [start, end] = [0, url.length];
  while (url[start] === ',') start += 1;
  while (end > start && url[end - 1] === ',') end -= 1;
  return url.slice(start, end);
}

/** What a URL must not hold as it is, and `new URL` leaves in paths and queries; a `%` that begins no code. */
const unencoded = /%(?![0-9a-f]{2})|[\\[\]^`{|}<>" ]/gi;

/**
 * The URL as HTTP wants it written: spaces, letters beyond ASCII and characters without a place in a URL
 * are percent-encoded. What is encoded already stays as it is. A text that is no URL is given back.
 */
export function percentEncoded(typed: string): string {
  const url = URL.parse(typed);
  if (url === null) return typed;
  url.pathname = url.pathname.replace(unencoded, encodeURIComponent);
  url.search = url.search.replace(unencoded, encodeURIComponent);
  url.hash = url.hash.replace(unencoded, encodeURIComponent);
  return url.href;
}
