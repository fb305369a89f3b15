const wholeNumbers = new Intl.NumberFormat('en');

/** `12,345` */
export const number = (value: number): string => wholeNumbers.format(value);

/** `1 message`, `2,000 messages` */
export const counted = (value: number, what: string): string =>
  `${number(value)} ${what}${value === 1 ? '' : 's'}`;

/** `95 %` of a whole; rounded down, so that 100 % means all. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  return part > 0 && share < 1 ? '< 1 %' : `${Math.floor(share)} %`;
}

/** `2026-03-02T09:00:00.000Z` → `2026-03-02 09:00:00`; the page says that times are in UTC. */
export const utc = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** `about 5 minutes` */
export function roughly(seconds: number): string {
  if (seconds < 90) return counted(Math.round(seconds), 'second');
  if (seconds < 90 * 60) return `about ${counted(Math.round(seconds / 60), 'minute')}`;
  return `about ${counted(Math.round(seconds / 3600), 'hour')}`;
}

const verdicts: Readonly<Record<string, string>> = {
  send: 'will be sent',
  'in-doubt':
    'in doubt: the provider is asked first, and they are sent only if it does not have them',
  expired: 'too old: left alone unless you send expired messages too',
  'delivered-meanwhile': 'sent meanwhile: nothing to do',
  'opted-out': 'the person has opted out: left alone',
  'needs-editing': 'refused permanently: left alone unless you send those too',
  'already-being-replayed': 'already part of another replay',
  'failed-again': 'failed again in this replay',
};

/** What a replay does with a request, in words. */
export const verdictWords = (verdict: string): string => verdicts[verdict] ?? verdict;

const replayability: Readonly<Record<string, string>> = {
  yes: 'Yes',
  'looked-up-first': 'Yes, after the provider was asked',
  'with-ignore-ttl': 'If you send expired messages too',
  'if-opted-back-in': 'Once the person has opted in again',
  'with-include-permanent': 'If you insist',
  no: 'No',
};

/** Whether a replay helps, in words. */
export const replayableWords = (replayable: string): string =>
  replayability[replayable] ?? replayable;

/** `20003 (config)`; a code that only repeats its class stands once. */
export const codeWords = (code: string, failureClass: string): string =>
  code === failureClass ? code : `${code} (${failureClass})`;

export type Tone = 'good' | 'bad' | 'warn' | 'idle';

const tones: Readonly<Record<string, Tone>> = {
  running: 'good',
  completed: 'good',
  approved: 'good',
  rejected: 'bad',
  delivered: 'good',
  read: 'good',
  sent: 'good',
  resolved: 'good',
  held: 'warn',
  paused: 'warn',
  unknown: 'warn',
  replaying: 'warn',
  stopped: 'bad',
  failed: 'bad',
  undelivered: 'bad',
  expired: 'bad',
};

/** How a status is coloured. Its word is always there too. */
export const toneOf = (status: string): Tone => tones[status] ?? 'idle';
