import Table from 'cli-table3';

/** A table that is read easily, also without colours and when piped. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]) {
  const drawn = new Table({
    // A head of empty titles only gives the columns their number.
    head: head.some((title) => title !== '') ? [...head] : [],
    style: { head: [], border: [] },
    colAligns: head.map((_, at) =>
      rows.every((row) => typeof row[at] === 'number') ? 'right' : 'left',
    ),
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn.toString();
}

/** A word in pieces of at most `width`. */
const pieces = (word: string, width: number): string[] =>
  word.length <= width ? [word] : (word.match(new RegExp(`.{1,${width}}`, 'gsu')) ?? []);

/** Breaks a text into lines of at most `width`: between words, and within one that is longer. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines.join('\n');
}

/** A column of text is never narrower than this, however narrow the terminal. */
const NARROWEST = 24;
/** A cell takes a space on either side and a border. */
const AROUND_CELL = 3;

const widest = (cells: readonly (string | number)[]): number =>
  Math.max(...cells.flatMap((cell) => String(cell).split('\n')).map(({ length }) => length));

type Cells = readonly (string | number)[];

/** What a table of these rows leaves to its last column. */
function roomForText(head: readonly string[], rows: readonly Cells[], width: number): number {
  const others = head
    .slice(0, -1)
    .map((title, at) => widest([title, ...rows.map((row) => row[at] ?? '')]) + AROUND_CELL);
  return width - others.reduce((sum, one) => sum + one, 0) - AROUND_CELL - 1;
}

/** A table whose last column holds texts, wrapped to what the others leave of the width. */
function tableWithText(head: readonly string[], rows: readonly Cells[], width: number): string {
  const room = Math.max(NARROWEST, roomForText(head, rows, width));
  return table(
    head,
    rows.map((row) => [...row.slice(0, -1), wrap(String(row.at(-1) ?? ''), room)]),
  );
}

const INDENT = '  ';

/** One row without a table: its short cells on the first lines, its text below them. */
function entry(head: readonly string[], row: Cells, width: number): string {
  const short = row.slice(0, -1).flatMap((cell, at) => {
    if (cell === '') return [];
    return [typeof cell === 'number' ? `${(head[at] ?? '').toLowerCase()} ${cell}` : cell];
  });
  const text = String(row.at(-1) ?? '');
  const below = wrap(text, width - INDENT.length).split('\n');
  return [
    wrap(short.join(' · '), width),
    ...(text === '' ? [] : below.map((l) => INDENT + l)),
  ].join('\n');
}

/**
 * A table whose last column holds texts; where the terminal is too narrow for it, each row in lines of its
 * own, from `entries` if its cells are written differently there.
 */
export const tableOrEntries = (
  head: readonly string[],
  rows: readonly Cells[],
  width: number,
  entries: readonly Cells[] = rows,
): string =>
  roomForText(head, rows, width) >=
  Math.min(NARROWEST, widest([head.at(-1) ?? '', ...rows.map((row) => row.at(-1) ?? '')]))
    ? tableWithText(head, rows, width)
    : entries.map((row) => entry(head, row, width)).join('\n');

/** Names and their values in two columns; those without a value are left out. */
export const pairs = (
  lines: readonly (readonly [string, string | undefined])[],
  width: number,
): string =>
  tableWithText(
    ['', ''],
    lines.flatMap(([name, value]) => (value ? [[name, value]] : [])),
    width,
  );

/** `1 replay`, `2 replays` */
export const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** `3725` → `1 h 2 min`: the two largest units. */
export function duration(seconds: number): string {
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count > 0) parts.push(`${count} ${unit}`);
    left -= count * size;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}

const unitMs: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** `2h`, `30m`, `7d` before now, or a time in ISO 8601; undefined for anything else. */
export function moment(text: string, now: number): string | undefined {
  const [, count, unit = ''] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  if (count !== undefined && ms !== undefined)
    return new Date(now - Number(count) * ms).toISOString();
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** `2026-03-02T09:00:00.000Z` → `2026-03-02 09:00:00`, where a title says that it is UTC. */
export const clockTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** `2026-03-02T09:00:00.000Z` → `2026-03-02 09:00:00 UTC` */
export const utcTime = (iso: string): string => `${clockTime(iso)} UTC`;

/** Between which times a message may have been accepted. */
export const doubtWords = ({ from, to }: { readonly from: string; readonly to: string }): string =>
  `may have been sent between ${clockTime(from)} and ${utcTime(to)}`;

/** `config 20003: …`; a code that only repeats its class stands once. */
export const causeWords = (of: {
  readonly class: string;
  readonly code: string;
  readonly message: string;
}): string => `${of.class === of.code ? of.code : `${of.class} ${of.code}`}: ${of.message}`;

const words: Readonly<Record<string, string>> = {
  send: 'would be sent',
  'in-doubt': 'in doubt: the provider is asked before anything is sent',
  expired: 'expired (--ignore-ttl sends them)',
  'delivered-meanwhile': 'delivered meanwhile',
  'opted-out': 'opted out, and not back in',
  'needs-editing': 'need editing (--include-permanent sends permanent ones as they are)',
  'already-being-replayed': 'already being replayed',
  'failed-again': 'failed again in this replay',
};

/** A verdict in words. */
export const verdictWords = (verdict: string): string => words[verdict] ?? verdict;

/** Whether a replay helps, in words. */
export const replayableWords = (replayable: string): string =>
  ({
    yes: 'yes',
    'looked-up-first': 'yes, after a look-up',
    'with-ignore-ttl': 'with --ignore-ttl',
    'if-opted-back-in': 'if they opted back in',
    'with-include-permanent': 'if you insist',
    no: 'no',
  })[replayable] ?? replayable;
