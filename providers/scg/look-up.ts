import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { LookUp, LookUpWindow } from '../../domain/delivery/outcome.ts';
import type { Answer, Exchange } from '../../domain/exchange.ts';
import { parseJson } from '../../domain/json.ts';
import { isWithin, onProviderClock } from '../look-up-window.ts';
import { inconclusive, toOutcome, toUnavailable } from '../verdict.ts';
import { scgVerdict } from './answer.ts';
import type { ScgMessage } from './message.ts';
import { failureFields, REJECTED, refusalOf } from './refusal.ts';

const listSchema = z.object({
  list: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      external_id: z.string().nullish(),
      state: z.string().nullish().catch(undefined),
      created_date: z.string().nullish().catch(undefined),
      ...failureFields,
    }),
  ),
  total: z.number().nullish(),
});
type List = z.infer<typeof listSchema>;
type Row = List['list'][number];

/** GET of the list with these parameters. */
type Ask = (params: Readonly<Record<string, string>>) => Promise<Exchange>;

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

const rowsOf = (answer: Answer): List | undefined =>
  listSchema.safeParse(parseJson(answer.body)).data;

const isRejected = ({ state }: Row): boolean => state?.toUpperCase() === REJECTED;

/** Our request among the rows. One that was rejected counts only where no other was taken. */
function ours({ list }: List, externalId: string, window: LookUpWindow): LookUp | undefined {
  const mine = list.filter((row) => row.external_id === externalId);
  const taken = mine.find((row) => !isRejected(row));
  if (taken) return { kind: 'accepted', providerMessageId: `${taken.id}` };
  // An earlier attempt may have been rejected, and has nothing to say about this one.
  const refused = mine.find(({ created_date }) => {
    const createdAt = Date.parse(created_date ?? '');
    return Number.isNaN(createdAt) || isWithin(window, createdAt);
  });
  if (refused === undefined) return undefined;
  const outcome = toOutcome(refusalOf(refused));
  return outcome.kind === 'rejected' ? outcome : undefined;
}

/**
 * Asks by `external_id`. That filter is not in Syniverse's reference, only in its SDKs, so only a row of
 * ours is believed. Rows of others, none at all, or a 400 may mean that the filter is not known here:
 * then the recipient's requests are read, with documented filters.
 */
export async function lookUpScg(
  ask: Ask,
  message: ScgMessage,
  window: LookUpWindow,
  clock: Clock,
): Promise<LookUp> {
  const exchange = await ask({ external_id: message.external_id, limit: `${PAGE_SIZE}` });
  const now = clock();
  if (exchange.kind !== 'answer') return toUnavailable(scgVerdict(exchange, now), 'Syniverse');
  const theirs = onProviderClock(window, exchange, now);
  if (exchange.status === 200) {
    const list = rowsOf(exchange);
    if (list === undefined) return inconclusive('Syniverse');
    const found = ours(list, message.external_id, theirs);
    if (found) return found;
  } else if (exchange.status !== 400) {
    return toUnavailable(scgVerdict(exchange, now), 'Syniverse');
  }
  return byRecipient(ask, message, theirs, clock);
}

/** A page may be shorter than requested, so only an empty one, or the total, ends the list. */
const isLastPage = ({ list, total }: List, read: number): boolean =>
  list.length === 0 || (total != null && read >= total);

/** Reads the recipient's message requests of the window to their end: only then is one absent. */
async function byRecipient(
  ask: Ask,
  message: ScgMessage,
  window: LookUpWindow,
  clock: Clock,
): Promise<LookUp> {
  const [from, to] = [new Date(window.from), new Date(window.to)];
  const range = `[${from.toISOString()},${to.toISOString()}]`;
  let offset = 0;
  // Rows that never show the field may be ours; where one shows it, the others are known to have none.
  let shown = false;
  for (let page = 0; page < MAX_PAGES; page++) {
    const exchange = await ask({
      to: message.to[0],
      created_date: range,
      sort: 'created_date',
      limit: `${PAGE_SIZE}`,
      offset: `${offset}`,
    });
    if (exchange.kind !== 'answer' || exchange.status !== 200) {
      return toUnavailable(scgVerdict(exchange, clock()), 'Syniverse');
    }
    const list = rowsOf(exchange);
    if (list === undefined) return inconclusive('Syniverse');
    const found = ours(list, message.external_id, window);
    if (found) return found;
    shown ||= list.list.some((row) => row.external_id !== undefined);
    offset += list.list.length;
    if (isLastPage(list, offset))
      return shown || offset === 0 ? { kind: 'absent' } : inconclusive('Syniverse');
  }
  return inconclusive('Syniverse');
}
