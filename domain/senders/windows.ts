import * as z from 'zod';

/** Weekdays as JavaScript counts them, and days that a country does not work. */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'holidays'] as const;
export type Day = (typeof days)[number];

/** Minutes of a day; `to` is more than a day's minutes for a window across midnight. */
export type Window = { readonly from: number; readonly to: number };
/** The windows that begin on each day. A day that is not named has none; holidays that are not named are weekdays. */
export type WindowRule = Readonly<Partial<Record<Day, readonly Window[]>>>;

const DAY_MINUTES = 24 * 60;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Minutes of the day; 24:00 is its end. */
function minuteOf(text: string): number | undefined {
  if (text === '24:00') return DAY_MINUTES;
  const [, hour, minute] = CLOCK.exec(text) ?? [];
  return hour === undefined ? undefined : Number(hour) * 60 + Number(minute);
}

/** `08:00-21:00`, several with commas between, or `none`. A text says what is wrong. */
function windowsOf(text: string): readonly Window[] | string {
  if (text.trim().toLowerCase() === 'none') return [];
  const windows: Window[] = [];
  for (const part of text.split(',')) {
    const [from, to, ...more] = part
      .trim()
      .split('-')
      .map((end) => minuteOf(end.trim()));
    if (from === undefined || to === undefined || more.length > 0 || from === DAY_MINUTES) {
      return `"${part.trim()}" is not a window such as 08:00-21:00`;
    }
    if (from === to) {
      return `"${part.trim()}" begins when it ends; write 00:00-24:00 for a whole day, or none`;
    }
    windows.push({ from, to: to > from ? to : to + DAY_MINUTES });
  }
  return windows;
}

const dayNames: readonly string[] = days;

/** `mon-sat` → its days; undefined for what names none. */
function daysOf(text: string): readonly Day[] | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'daily') return days.filter((day) => day !== 'holidays');
  if (word === 'holidays') return ['holidays'];
  const [first, last, ...more] = word.split('-').map((each) => dayNames.indexOf(each));
  if (first === undefined || more.length > 0) return undefined;
  if ([first, last ?? first].some((day) => day < 0 || day > 6)) return undefined;
  const count = last === undefined ? 1 : ((last - first + 7) % 7) + 1;
  return Array.from({ length: count }, (_, at) => days[(first + at) % 7]).filter(
    (day) => day !== undefined,
  );
}

/** `{"mon-sat":"10:00-20:00","holidays":"none"}` */
export const windowRule = z
  .record(z.string(), z.string())
  .transform((given, context): WindowRule => {
    const rule: Partial<Record<Day, readonly Window[]>> = {};
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    for (const [key, text] of Object.entries(given)) {
      const named = daysOf(key);
      const windows = windowsOf(text);
      if (named === undefined)
        refuse(key, 'names no day; days are mon to sun, mon-fri, daily and holidays');
      else if (typeof windows === 'string') refuse(key, windows);
      else for (const day of named) rule[day] = windows;
    }
    return rule;
  });
