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
