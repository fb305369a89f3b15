import { DAY, HOUR, MINUTE } from '../clock.ts';

/** What a clock on the wall of a time zone shows; `day` counts days since 1970-01-01, `minute` minutes of the day. */
export type WallTime = { readonly day: number; readonly minute: number };

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a while, and the same few zones are asked for again and again. */
function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formatters.set(zone, made);
  return made;
}

/** Whether there is a time zone of this name: `Europe/Berlin`. Offsets and abbreviations are none. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(name)) return false;
  try {
    formatterOf(name);
    return name === 'UTC' || name.includes('/');
  } catch {
    return false;
  }
}

/** The wall clock as if it were UTC, ms since 1970, to the minute. */
function wallMs(zone: string, at: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute);
}

export function wallTimeOf(zone: string, at: number): WallTime {
  const ms = wallMs(zone, at);
  const day = Math.floor(ms / DAY);
  return { day, minute: (ms - day * DAY) / MINUTE };
}

/** A zone's clock against UTC, ms. */
const offsetAt = (zone: string, at: number): number =>
  wallMs(zone, at) - Math.floor(at / MINUTE) * MINUTE;

/**
 * When a zone's wall clock first shows this time, ms since 1970. Of an hour that comes twice, the first
 * counts. A time that is skipped when clocks go forward counts as the moment at which they do.
 */
export function instantOf(zone: string, { day, minute }: WallTime): number {
  const wall = day * DAY + minute * MINUTE;
  // No zone is further from UTC than 14 hours, and none changes its clocks twice in a day.
  const [before, after] = [offsetAt(zone, wall - DAY), offsetAt(zone, wall + DAY)];
  const [early, late] = [wall - Math.max(before, after), wall - Math.min(before, after)];
  if (wallMs(zone, early) === wall) return early;
  if (wallMs(zone, late) === wall) return late;
  return changeBetween(zone, early - HOUR, late + HOUR, before);
}

/** The first minute after `from` at which the offset is no longer `before`. */
function changeBetween(zone: string, from: number, to: number, before: number): number {
  let [low, high] = [from, to];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
