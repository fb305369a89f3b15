import { DAY, MINUTE } from '../clock.ts';
import { instantOf, type WallTime, wallTimeOf } from '../outbound/wall-clock.ts';
import { type ZonePolicy, zonesOf } from '../outbound/zones.ts';
import { type Day, days, type Window, type WindowRule } from './windows.ts';

export type HoursSettings = {
  /** By category, then by a prefix of numbers (`+1305`), a country (`US`) or `*`. */
  readonly windows: Readonly<Record<string, Readonly<Record<string, WindowRule>>>>;
  /** Days by country: `2026-07-14`, or `12-25` for every year. */
  readonly holidays: Readonly<Record<string, readonly string[]>>;
  readonly zonePolicy: ZonePolicy;
};

/** A message as far as its hours depend on it. */
export type Timed = {
  readonly to: string;
  readonly category?: string | undefined;
  readonly country?: string | undefined;
  readonly timezone?: string | undefined;
};

const DAY_MINUTES = DAY / MINUTE;
/** Every day of the week once, and some holidays. */
const DAYS_AHEAD = 14;

/** The rule for a message: that of the longest prefix of its number, else of its country, else of all. */
function ruleFor(message: Timed, { windows }: HoursSettings): WindowRule | undefined {
  if (message.category === undefined) return undefined;
  const rules = windows[message.category] ?? {};
  const [prefix] = Object.keys(rules)
    .filter((key) => key.startsWith('+') && message.to.startsWith(key))
    .sort((a, b) => b.length - a.length);
  return rules[prefix ?? message.country ?? '*'] ?? rules['*'];
}

/** Which windows begin on a day, counted from 1970-01-01 (a Thursday). */
function windowsOn(day: number, rule: WindowRule, holidays: ReadonlySet<string>) {
  const date = new Date(day * DAY).toISOString().slice(0, 10);
  const isHoliday = holidays.has(date) || holidays.has(date.slice(5));
  const weekday: Day = days[(day + 4) % 7] ?? 'sun';
  return (isHoliday ? rule.holidays : undefined) ?? rule[weekday] ?? [];
}

const covers = ({ from, to }: Window, minute: number): boolean => minute >= from && minute < to;

/** Whether a window is open at this time of the wall clock; one that began the day before may be. */
export function isOpenAt(
  { day, minute }: WallTime,
  rule: WindowRule,
  holidays: ReadonlySet<string>,
): boolean {
  return (
    windowsOn(day, rule, holidays).some((window) => covers(window, minute)) ||
    windowsOn(day - 1, rule, holidays).some((window) => covers(window, minute + DAY_MINUTES))
  );
}

/** The moments at which windows begin in a zone, from now on. */
function beginnings(zone: string, now: number, rule: WindowRule, holidays: ReadonlySet<string>) {
  const { day: today } = wallTimeOf(zone, now);
  return Array.from({ length: DAYS_AHEAD }, (_, ahead) => today + ahead).flatMap((day) =>
    windowsOn(day, rule, holidays).map(({ from }) => instantOf(zone, { day, minute: from })),
  );
}

/**
 * When a message may leave by the hours of its category: undefined when now, else the next time, ms since
 * 1970; infinity when no window opens within two weeks. Zones agree at the earliest when one of them opens.
 */
export function opensAt(
  zones: readonly string[],
  rule: WindowRule,
  holidays: ReadonlySet<string>,
  policy: ZonePolicy,
  now: number,
): number | undefined {
  const isOpen = (at: number): boolean => {
    const open = (zone: string) => isOpenAt(wallTimeOf(zone, at), rule, holidays);
    return policy === 'any' ? zones.some(open) : zones.every(open);
  };
  if (isOpen(now)) return undefined;
  const moments = zones
    .flatMap((zone) => beginnings(zone, now, rule, holidays))
    .filter((at) => at > now)
    .sort((a, b) => a - b);
  return moments.find(isOpen) ?? Number.POSITIVE_INFINITY;
}

/** A number that tells no zone is judged by this one. */
const UNKNOWN_ZONE = 'UTC';

/**
 * Judges messages by their hours. The next opening is the same for all messages of a rule and zones until
 * it comes, so it is worked out once for all that wait for it.
 */
export function sendingHours(settings: HoursSettings) {
  const closedUntil = new Map<string, number>();
  return (message: Timed, now: number): number | undefined => {
    const rule = ruleFor(message, settings);
    if (rule === undefined) return undefined;
    const known = zonesOf(message, settings.zonePolicy);
    const zones = known.length > 0 ? known : [UNKNOWN_ZONE];
    const holidays = settings.holidays[message.country ?? ''] ?? [];
    const key = JSON.stringify([zones, rule, holidays]);
    const until = closedUntil.get(key);
    if (until !== undefined && now < until) return until;
    const next = opensAt(zones, rule, new Set(holidays), settings.zonePolicy, now);
    if (next === undefined) closedUntil.delete(key);
    else closedUntil.set(key, next);
    return next;
  };
}
