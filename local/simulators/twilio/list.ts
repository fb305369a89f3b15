import { answer, type PlainAnswer } from '../simulator.ts';
import { twilioError } from './errors.ts';
import { type TwilioMessage, toResource } from './message.ts';

/**
 * `GET Messages.json`: filtered by To, From and DateSent, newest first, in pages. A page goes on after the
 * message that its token names; its number is the caller's own bookkeeping.
 */
export function listMessages(
  messages: readonly TwilioMessage[],
  accountSid: string,
  query: URLSearchParams,
): PlainAnswer {
  const pageSize = Math.min(1000, Math.max(1, Number(query.get('PageSize')) || 50));
  const page = Math.max(0, Number(query.get('Page')) || 0);
  const fitting = messages
    .filter((message) => message.accountSid === accountSid && fits(message, query))
    // By creation, which never changes: a message that is sent between two pages stays in its place.
    .toSorted((a, b) => b.createdAt - a.createdAt);
  const token = query.get('PageToken');
  const before = fitting.findIndex(({ sid }) => `PA${sid}` === token);
  if (before === -1 && (token !== null || page > 0)) return twilioError(21481);
  const start = before + 1;
  const shown = fitting.slice(start, start + pageSize);
  const uriOf = (n: number, after?: TwilioMessage): string => {
    const link = new URLSearchParams(query);
    link.set('PageSize', String(pageSize));
    link.set('Page', String(n));
    link.delete('PageToken');
    if (after) link.set('PageToken', `PA${after.sid}`);
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${link}`;
  };
  return answer(200, {
    first_page_uri: uriOf(0),
    end: start + Math.max(0, shown.length - 1),
    previous_page_uri: start > 0 ? uriOf(page - 1, fitting[start - pageSize - 1]) : null,
    messages: shown.map(toResource),
    uri: uriOf(page, fitting[before]),
    page_size: pageSize,
    start,
    next_page_uri: start + pageSize < fitting.length ? uriOf(page + 1, shown.at(-1)) : null,
    page,
  });
}

/** A message that is still queued has no date sent; it is listed by when it was created. */
const dateOf = (message: TwilioMessage): number => message.sentAt ?? message.createdAt;

function fits(message: TwilioMessage, query: URLSearchParams): boolean {
  const to = query.get('To');
  const from = query.get('From');
  if (to && message.to !== to) return false;
  if (from && message.from !== from) return false;
  const on = query.get('DateSent');
  const since = query.get('DateSent>');
  const until = query.get('DateSent<');
  const date = dateOf(message);
  if (on && !isWithinDay(date, on, 'on')) return false;
  if (since && !isWithinDay(date, since, 'since')) return false;
  return !until || isWithinDay(date, until, 'until');
}

/** Compares by whole UTC days when given a date, by the second when given a date with a time. */
function isWithinDay(ms: number, text: string, side: 'on' | 'since' | 'until'): boolean {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const value = isDay ? Math.floor(ms / 86_400_000) : Math.floor(ms / 1000);
  const given = Math.floor(Date.parse(text) / (isDay ? 86_400_000 : 1000));
  if (Number.isNaN(given)) return true;
  if (side === 'on') return value === given;
  return side === 'since' ? value >= given : value <= given;
}
