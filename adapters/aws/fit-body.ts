/** An item may hold 400 KB in all; the other attributes of a failed request take a few KB at most. */
const MAX_BYTES = 380 * 1024;

const bytes = (text: string) => Buffer.byteLength(text, 'utf8');

function unescaped(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

/**
 * A queue record's body so that it fits into a table item. A queue holds 1 MiB and its JSON is escaped
 * to ASCII, six bytes for a character that takes two: a large body is kept as the same JSON unescaped,
 * which brings everything that ingress accepts (256 KB) below the limit. What is still larger was never
 * a message of ours; its beginning is kept for the operator to look at.
 */
export function fitBody(body: string): string {
  if (bytes(body) <= MAX_BYTES) return body;
  const compact = unescaped(body);
  if (bytes(compact) <= MAX_BYTES) return compact;
  return Buffer.from(compact, 'utf8')
    .subarray(0, MAX_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}
