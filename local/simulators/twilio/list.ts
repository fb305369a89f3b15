import { answer, type PlainAnswer } from '../simulator.ts';
import { type TwilioMessage, toResource } from './message.ts';

/** `GET Messages.json`: filtered by To, From and DateSent, newest first, in pages. */
export function listMessages(
  messages: readonly TwilioMessage[],
  accountSid: string,
  query: URLSearchParams,
): PlainAnswer {
  const pageSize = Math.min(1000, Math.max(1, Number(query.get('PageSize')) || 50));
  const page = Math.max(0, Number(query.get('Page')) || 0);
  const fitting = messages
    .filter((message) => message.accountSid === accountSid && fits(message, query))
    .toSorted((a, b) => dateOf(b) - dateOf(a));
  const shown = fitting.slice(page * pageSize, (page + 1) * pageSize);
  const start = page * pageSize;
  const uriOf = (n: number): string => {
    const link = new URLSearchParams(query);
    link.set('PageSize', String(pageSize));
    link.set('Page', String(n));
    link.delete('PageToken');
    if (n > 0) link.set('PageToken', `PA${fitting[n * pageSize - 1]?.sid ?? ''}`);
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${link}`;
  };
  return answer(200, {
    first_page_uri: uriOf(0),
    end: start + Math.max(0, shown.length - 1),
    previous_page_uri: page > 0 ? uriOf(page - 1) : null,
    messages: shown.map(toResource),
    uri: uriOf(page),
    page_size: pageSize,
    start,
    next_page_uri: start + pageSize < fitting.length ? uriOf(page + 1) : null,
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
