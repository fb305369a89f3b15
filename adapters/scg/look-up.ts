import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { LookUp, LookUpWindow } from '../../domain/delivery/outcome.ts';
import { parseJson } from '../../domain/json.ts';
import type { Answer, Exchange } from '../http.ts';
import { onProviderClock } from '../look-up-window.ts';
import { inconclusive, toUnavailable } from '../provider-verdict.ts';
import { scgVerdict } from './answer.ts';
import type { ScgMessage } from './message.ts';

const listSchema = z.object({
  list: z.array(
    z.object({
      id: z.union([z.string(), z.number()]),
      external_id: z.string().nullish(),
    }),
  ),
  total: z.number().nullish(),
});
type List = z.infer<typeof listSchema>;

/** GET of the list with these parameters. */
type Ask = (params: Readonly<Record<string, string>>) => Promise<Exchange>;

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

const rowsOf = (answer: Answer): List | undefined =>
  listSchema.safeParse(parseJson(answer.body)).data;

function accepted({ list }: List, externalId: string): LookUp | undefined {
  const ours = list.find((row) => row.external_id === externalId);
  return ours && { kind: 'accepted', providerMessageId: `${ours.id}` };
}

/**
 * Asks by `external_id`. That filter is not in Syniverse's reference, only in its SDKs: rows that are
 * not ours, or a 400, say that it is not known here, and then the recipient's messages are read.
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
  if (exchange.status === 200) {
    const list = rowsOf(exchange);
    if (list === undefined) return inconclusive('Syniverse');
    const found = accepted(list, message.external_id);
    if (found) return found;
    if (list.list.length === 0) return { kind: 'absent' };
  } else if (exchange.status !== 400) {
    return toUnavailable(scgVerdict(exchange, now), 'Syniverse');
  }
  return byRecipient(ask, message, onProviderClock(window, exchange, now), clock);
}

/** Reads the recipient's message requests of the window to their end: only then is one absent. */
async function byRecipient(
  ask: Ask,
  message: ScgMessage,
  { from, to }: LookUpWindow,
  clock: Clock,
): Promise<LookUp> {
  const range = `[${new Date(from).toISOString()},${new Date(to).toISOString()}]`;
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
    const found = accepted(list, message.external_id);
    if (found) return found;
    shown ||= list.list.some((row) => row.external_id !== undefined);
    offset += list.list.length;
    // A page may be shorter than asked for, so only an empty one or the total ends the list.
    const isEnd = list.list.length === 0 || (list.total != null && offset >= list.total);
    if (isEnd) return shown || offset === 0 ? { kind: 'absent' } : inconclusive('Syniverse');
  }
  return inconclusive('Syniverse');
}
