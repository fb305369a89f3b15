import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  type QueryCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import * as z from 'zod';
import {
  type Found,
  hexOf,
  type IndexItem,
  keptDays,
  type MessageIndex,
  type SearchPosition,
  slotOf,
  spreads,
  type Term,
} from '../../domain/campaigns/message-terms.ts';
import { type Clock, SECOND } from '../../domain/clock.ts';
import { orUnavailable } from './or-unavailable.ts';

const dependency = 'messages';
/** Items written at once. */
const WRITES = 20;
/** Slots of which the first page is read ahead, at once. */
const AHEAD = 24;

const itemSchema = z.object({
  part: z.string(),
  guids: z.record(z.string(), z.array(z.string())),
});

type Slot = { readonly day: string; readonly spread: number; readonly slot: string };

const slotKey = ({ tenantId, day, spread, slot }: Omit<IndexItem, 'guids'>): string =>
  `${tenantId}#${day}#${spread}#${slot}`;

/**
 * Table `Messages`: key `slot` (`{tenantId}#{day}#{spread}#{slot}`) and `part`, the name of the batch; the
 * guids by the short hash of a term. A term is in one slot of each spread and day.
 */
export function messageIndex(
  client: DynamoDBDocumentClient,
  table: string,
  { clock, ttlSeconds }: { readonly clock: Clock; readonly ttlSeconds: number },
): MessageIndex {
  const page = (slot: string, from: string | undefined, after?: Record<string, unknown>) =>
    orUnavailable(dependency, () =>
      client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: `#slot = :slot${from === undefined ? '' : ' AND part <= :from'}`,
          ExpressionAttributeNames: { '#slot': 'slot' },
          ExpressionAttributeValues: {
            ':slot': slot,
            ...(from === undefined ? {} : { ':from': from }),
          },
          ScanIndexForward: false,
          ...(after === undefined ? {} : { ExclusiveStartKey: after }),
        }),
      ),
    );

  /** All items of a slot from a part on, the latest first. */
  const itemsOf = async function* (
    slot: string,
    from: string | undefined,
    firstPage: Promise<QueryCommandOutput>,
  ) {
    let read = await firstPage;
    for (;;) {
      yield* (read.Items ?? []).map((item) => itemSchema.parse(item));
      if (read.LastEvaluatedKey === undefined) return;
      read = await page(slot, from, read.LastEvaluatedKey);
    }
  };

  /** The slots that may have a term, from a position on. */
  const slotsOf = (tenantId: string, of: Term, from: SearchPosition | undefined): Slot[] => {
    const all = keptDays(clock(), ttlSeconds).flatMap((day) =>
      spreads.map((spread) => {
        const slot = slotOf(tenantId, of, spread);
        return { day, spread, slot: slotKey({ tenantId, day, spread, slot }) };
      }),
    );
    if (from === undefined) return all;
    const begin = all.findIndex((slot) => isIn(slot, from));
    return begin === -1 ? [] : all.slice(begin);
  };

  return {
    put: async (items, batch) => {
      const expire_ts = Math.ceil(clock() / SECOND) + ttlSeconds;
      await pMap(
        items,
        (item) =>
          orUnavailable(dependency, () =>
            client.send(
              new PutCommand({
                TableName: table,
                Item: { slot: slotKey(item), part: batch, guids: item.guids, expire_ts },
              }),
            ),
          ),
        { concurrency: WRITES },
      );
    },
    find: async function* (tenantId, of, from) {
      const hex = hexOf(tenantId, of);
      const slots = slotsOf(tenantId, of, from);
      for (let at = 0; at < slots.length; at += AHEAD) {
        const group = slots.slice(at, at + AHEAD).map((slot) => {
          const resume = isIn(slot, from) ? from : undefined;
          return { slot, resume, first: page(slot.slot, resume?.part) };
        });
        // Those that nobody waits for any more may fail.
        for (const { first } of group) first.catch(() => undefined);
        for (const { slot, resume, first } of group) {
          for await (const item of itemsOf(slot.slot, resume?.part, first)) {
            yield* foundIn(item, hex, slot, resume);
          }
        }
      }
    },
  };
}

const isIn = ({ day, spread }: Slot, from: SearchPosition | undefined): boolean =>
  day === from?.day && spread === from.spread;

function foundIn(
  { part, guids }: z.infer<typeof itemSchema>,
  hex: string,
  { day, spread }: Slot,
  resume: SearchPosition | undefined,
): Found[] {
  const start = part === resume?.part ? resume.from : 0;
  return (guids[hex] ?? []).slice(start).map((guid, at) => ({
    guid,
    next: { day, spread, part, from: start + at + 1 },
  }));
}
