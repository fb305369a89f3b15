import * as z from 'zod';
import { type Counted, countedSchema } from '../../domain/campaigns/counted.ts';
import { type Searched, searchedSchema } from '../../domain/campaigns/message-terms.ts';
import type { Change } from '../../domain/campaigns/totals.ts';
import { fromItem, type Item } from './items.ts';

/*
 * The stream of the table `Deliveries`, as Lambda hands it to a function. The table also holds other
 * items (whose message a provider's id is, replies, last successes), which are no deliveries and left out.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */

/** A value in DynamoDB's own JSON, of the kinds that the table holds. */
type Value =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly L: readonly Value[] }
  | { readonly M: Readonly<Record<string, Value>> };

const image = z.custom<Readonly<Record<string, Value>>>(
  (value) => typeof value === 'object' && value !== null,
);

const recordSchema = z.object({
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  dynamodb: z.object({
    SequenceNumber: z.string().regex(/^\d{1,40}$/),
    NewImage: image.optional(),
    OldImage: image.optional(),
  }),
});

/** One invocation. With tumbling windows, which this function has for it, an event names its shard. */
export const streamEventSchema = z.object({
  shardId: z.string(),
  Records: z.array(recordSchema),
});
type StreamRecord = z.infer<typeof recordSchema>;

/** Sequence numbers have up to 40 digits; of one length they compare as texts. */
const SEQUENCE_DIGITS = 40;

function plain(value: Value): unknown {
  if ('S' in value) return value.S;
  if ('N' in value) return Number(value.N);
  if ('BOOL' in value) return value.BOOL;
  if ('L' in value) return value.L.map(plain);
  return 'M' in value ? plainItem(value.M) : null;
}

const plainItem = (item: Readonly<Record<string, Value>>): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plain(value)]));

/** No delivery's key begins with `#`, for no tenant's id does; and every delivery has a status. */
const isDelivery = (item: Item): boolean => 'status' in item && 'guid' in item;

function delivery(given: Readonly<Record<string, Value>> | undefined): Counted | undefined {
  const item = given && plainItem(given);
  return item && isDelivery(item) ? fromItem(countedSchema, item) : undefined;
}

/** The same changes, as far as messages are searched for. */
export const searchedChangesOf = (records: readonly StreamRecord[]) =>
  records.flatMap(({ dynamodb: { NewImage, OldImage } }) => {
    const after = searched(NewImage);
    return after === undefined ? [] : [{ before: searched(OldImage), after }];
  });

function searched(given: Readonly<Record<string, Value>> | undefined): Searched | undefined {
  const item = given && plainItem(given);
  return item && isDelivery(item) ? fromItem(searchedSchema, item) : undefined;
}

/** The changes of deliveries in a batch. What the table drops stays counted. Throws for one that cannot be read. */
export const changesOf = (records: readonly StreamRecord[]): Change[] =>
  records.flatMap(({ dynamodb: { SequenceNumber, NewImage, OldImage } }) => {
    const after = delivery(NewImage);
    if (after === undefined) return [];
    const sequence = SequenceNumber.padStart(SEQUENCE_DIGITS, '0');
    return [{ sequence, before: delivery(OldImage), after }];
  });
