import type { FailedRequest } from '../../domain/failed-requests/failed-request.ts';
import { cutText, itemBytes, MAX_ITEM_BYTES, textBytes } from './item-bytes.ts';
import { toItem } from './items.ts';

/** Room for the keys of the indexes, which are made from the tenant and short words. */
const INDEX_KEY_BYTES = 1024;
/** How much of a text other than the body is kept when a row is too large. */
const LONGEST_TEXT_BYTES = 1024;

const rowBytes = (row: FailedRequest): number => itemBytes(toItem(row)) + INDEX_KEY_BYTES;

function unescaped(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json));
  } catch {
    return json;
  }
}

/** Texts that something outside wrote, of any length; keys and statuses are ours and short. */
const texts = [
  'provider',
  'channel',
  'generatedTimestamp',
  'errorCode',
  'errorMessage',
  'advice',
  'taskId',
  'sender',
] as const;

const withAdvice = (row: FailedRequest, note: string): FailedRequest => ({
  ...row,
  advice: [note, row.advice].filter(Boolean).join(' '),
});

/** The row with its long texts cut, and a note of which. */
function withShortTexts(row: FailedRequest): FailedRequest {
  const long = texts.filter((name) => textBytes(row[name] ?? '') > LONGEST_TEXT_BYTES);
  if (long.length === 0) return row;
  const short = { ...row };
  for (const name of long) short[name] = cutText(row[name] ?? '', LONGEST_TEXT_BYTES);
  return withAdvice(short, `Shortened to fit the table: ${long.join(', ')}. The body is whole.`);
}

/**
 * A row that fits into a table item; otherwise its queue would deliver it again and again. A queue
 * holds 1 MiB and its JSON is escaped to ASCII, six bytes for a character that takes two. So a large
 * row first gets the same JSON unescaped, which is enough for everything that ingress accepts, then
 * short texts. What is still too large loses the end of its body: then it says that it cannot be
 * replayed.
 */
export function fitRow(row: FailedRequest): FailedRequest {
  if (rowBytes(row) <= MAX_ITEM_BYTES) return row;
  const compact = { ...row, eventBody: unescaped(row.eventBody) };
  if (rowBytes(compact) <= MAX_ITEM_BYTES) return compact;
  const short = withShortTexts(compact);
  if (rowBytes(short) <= MAX_ITEM_BYTES) return short;
  const noted = withAdvice(
    { ...withShortTexts({ ...compact, advice: '' }), errorClass: 'poison' },
    'Its body did not fit the table and its end was cut off, so it cannot be replayed: send the message again from CI360.',
  );
  const room = MAX_ITEM_BYTES - rowBytes({ ...noted, eventBody: '' });
  return { ...noted, eventBody: cutText(noted.eventBody, room) };
}
