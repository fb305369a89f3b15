import { HOUR, MINUTE } from '../clock.ts';
import type { Issue } from '../http.ts';
import type { MessageRequest } from './message-request.ts';
import { instantOf, isZone } from './wall-clock.ts';
import { type ZonePolicy, zonesOf } from './zones.ts';

/** The fields of a creative that say when it may leave; '' where not given. */
export type TimingFields = {
  readonly category: string;
  readonly timezone: string;
  readonly sendAt: string;
  readonly sendBy: string;
};

export type TimingSettings = {
  /** What CATEGORY may say. */
  readonly categories: readonly string[];
  readonly zonePolicy: ZonePolicy;
  /** `hold_max`, ms: nothing is scheduled for later. */
  readonly holdMaxMs: number;
};

/** Categories that there are without any setting: the first has no window, the second none by default. */
export const ownCategories = ['transactional', 'marketing'] as const;

type Timing = Pick<MessageRequest, 'category' | 'timezone' | 'sendAt' | 'sendBy'>;
export type TimingReading = { readonly timing: Timing; readonly issues: readonly Issue[] };

/** The fields, where any is given. */
export const timingPart = (fields: TimingFields): { readonly timing?: TimingFields } =>
  Object.values(fields).some((value) => value !== '') ? { timing: fields } : {};

const TIME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

const noTime = 'is not a time such as 2026-12-01T09:00 or 2026-12-01T09:00+01:00';

type Person = { readonly to: string; readonly country?: string | undefined };

type TimeReading = { readonly at?: number; readonly issue?: string };

/** A time with an offset, or one on the clock of the person; with several zones, when all of them show it. */
function readTime(text: string, zones: readonly string[], policy: ZonePolicy): TimeReading {
  const [, year, month, day, hour, minute, offset] = TIME.exec(text) ?? [];
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  // 2026-02-30 and 25:00 would be other times.
  const isReal =
    Number.isFinite(wall) &&
    new Date(wall).toISOString().startsWith(`${text.slice(0, 16).toUpperCase()}`);
  if (!isReal) return { issue: noTime };
  if (offset !== undefined) {
    const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})$/.exec(offset) ?? [];
    const ms = Number(hours) * HOUR + Number(minutes) * MINUTE;
    return { at: wall - (sign === '-' ? -ms : ms) };
  }
  if (zones.length === 0) {
    return {
      issue:
        'has no offset, and the time zone of the recipient is not known; add TIMEZONE or an offset',
    };
  }
  const dayNo = Math.floor(wall / (24 * HOUR));
  const local = { day: dayNo, minute: (wall - dayNo * 24 * HOUR) / MINUTE };
  const instants = zones.map((zone) => instantOf(zone, local));
  return { at: policy === 'any' ? Math.min(...instants) : Math.max(...instants) };
}

function* issuesOf(
  fields: TimingFields,
  { sendAt, sendBy }: Timing,
  { categories, holdMaxMs }: TimingSettings,
  now: number,
): Generator<Issue> {
  if (fields.category !== '' && !categories.includes(fields.category.toLowerCase())) {
    yield { field: 'CATEGORY', issue: `is none of ${categories.join(', ')}` };
  }
  if (fields.timezone !== '' && !isZone(fields.timezone)) {
    yield { field: 'TIMEZONE', issue: 'is not a time zone such as Europe/Berlin' };
  }
  if (sendAt !== undefined && sendAt > now + holdMaxMs) {
    yield { field: 'SEND_AT', issue: `is more than hold_max (${holdMaxMs / HOUR} h) ahead` };
  }
  if (sendBy === undefined) return;
  if (sendBy <= now) yield { field: 'SEND_BY', issue: 'is in the past' };
  else if (sendBy <= (sendAt ?? now)) yield { field: 'SEND_BY', issue: 'is not after SEND_AT' };
}

/** What a creative says about its time, and everything that is wrong with it. */
export function readTiming(
  fields: TimingFields,
  person: Person,
  settings: TimingSettings,
  now: number,
): TimingReading {
  const { zonePolicy } = settings;
  const timezone = isZone(fields.timezone) ? fields.timezone : undefined;
  const zones = zonesOf({ ...person, timezone }, zonePolicy);
  const read = (text: string): TimeReading =>
    text === '' ? {} : readTime(text, zones, zonePolicy);
  const [sendAt, sendBy] = [read(fields.sendAt), read(fields.sendBy)];
  const times = {
    ...(sendAt.at === undefined ? {} : { sendAt: sendAt.at }),
    ...(sendBy.at === undefined ? {} : { sendBy: sendBy.at }),
  };
  const issues = [
    ...(sendAt.issue === undefined ? [] : [{ field: 'SEND_AT', issue: sendAt.issue }]),
    ...(sendBy.issue === undefined ? [] : [{ field: 'SEND_BY', issue: sendBy.issue }]),
    ...issuesOf(fields, times, settings, now),
  ];
  const timing = {
    ...(fields.category === '' ? {} : { category: fields.category.toLowerCase() }),
    ...(timezone === undefined ? {} : { timezone }),
    ...times,
  };
  return { timing, issues };
}
