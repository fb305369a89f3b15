import type { Delivery } from './delivery.ts';

/** What can happen to a delivery, by the letter under which it is noted. */
const letters = {
  c: 'claimed',
  p: 'claimed-for-replay',
  a: 'accepted',
  j: 'rejected',
  t: 'throttled',
  x: 'transient',
  u: 'unknown',
  g: 'given-up',
  e: 'expired',
  h: 'held',
  n: 'erased',
  w: 'postponed',
  S: 'sent',
  C: 'canceled',
  U: 'undelivered',
  D: 'delivered',
  R: 'read',
  i: 'reported',
} as const;
type Letter = keyof typeof letters;
export type Happening = (typeof letters)[Letter];

/** Whether something of this name is noted. */
export const isHappening = (name: string): name is Happening => letterOf.has(name);

const letterOf: ReadonlyMap<string, string> = new Map(
  Object.entries(letters).map(([letter, name]) => [name, letter]),
);
const isLetter = (text: string): text is Letter => Object.hasOwn(letters, text);

/** The first entries say how it began and stay; of the rest the latest are kept. */
const FIRST = 4;
const MOST = 16;
/** What is noted beside a happening: a code, or a status. */
const MOST_DETAIL = 24;

/**
 * Notes that something happened, in a write that is made anyway. An entry is a letter, the milliseconds
 * since the delivery was created in base 36, and a detail: `c0 t9k:20429 a1c4`. So a message's usual story
 * takes about 30 bytes.
 */
export function noted<D extends Pick<Delivery, 'createdAt' | 'history'>>(
  delivery: D,
  what: Happening,
  at: number,
  detail = '',
): D {
  const after = Math.max(0, Math.round(at - delivery.createdAt)).toString(36);
  const kept = detail.replaceAll(/[\s:]/g, '_').slice(0, MOST_DETAIL);
  const entry = `${letterOf.get(what)}${after}${kept === '' ? '' : `:${kept}`}`;
  const entries = [...(delivery.history?.split(' ') ?? []), entry];
  const fitting =
    entries.length <= MOST ? entries : [...entries.slice(0, FIRST), ...entries.slice(FIRST - MOST)];
  return { ...delivery, history: fitting.join(' ') };
}

export type Entry = { readonly what: Happening; readonly at: number; readonly detail: string };

/** The noted entries, times in ms since 1970. */
export const historyOf = ({ createdAt, history }: Pick<Delivery, 'createdAt' | 'history'>) =>
  (history?.split(' ') ?? []).flatMap((entry): Entry[] => {
    const letter = entry.slice(0, 1);
    const [after = '', detail = ''] = entry.slice(1).split(':');
    return isLetter(letter)
      ? [{ what: letters[letter], at: createdAt + Number.parseInt(after, 36), detail }]
      : [];
  });
