import type { FailedRequest } from '../../domain/delivery/failed-request.ts';
import { toItem } from './items.ts';

/** An item may hold 400 KB: the names and values of all its attributes. */
const MAX_ITEM_BYTES = 400 * 1024;
/** Room for the keys of the indexes, which are made from the tenant and short words. */
const INDEX_KEY_BYTES = 1024;
/** A number has up to 38 digits, two in a byte, and two bytes more. */
const NUMBER_BYTES = 21;
/** How much of a text other than the body is kept when a row is too large. */
const LONGEST_TEXT_BYTES = 1024;

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * A row's size as DynamoDB counts it: UTF-8, names included.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const rowBytes = (row: FailedRequest): number =>
  Object.entries(toItem(row)).reduce(
    (sum, [name, value]) =>
      sum + bytes(name) + (typeof value === 'string' ? bytes(value) : NUMBER_BYTES),
    INDEX_KEY_BYTES,
  );

/** The beginning of a text, cut between characters. */
const cut = (text: string, limit: number): string =>
  bytes(text) <= limit
    ? text
    : Buffer.from(text, 'utf8')
        .subarray(0, limit)
        .toString('utf8')
        .replace(/\uFFFD$/, '');

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
  const long = texts.filter((name) => bytes(row[name] ?? '') > LONGEST_TEXT_BYTES);
  if (long.length === 0) return row;
  const short = { ...row };
  for (const name of long) short[name] = cut(row[name] ?? '', LONGEST_TEXT_BYTES);
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
  return { ...noted, eventBody: cut(noted.eventBody, room) };
}
