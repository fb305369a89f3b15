import * as z from 'zod';
import type { HeldTask } from '../../domain/campaigns/ports.ts';
import { DAY, HOUR, SECOND } from '../../domain/clock.ts';
import { holdSchema } from '../../domain/delivery/delivery.ts';
import type { HeldMessage } from '../../domain/delivery/ports.ts';
import { parseJson } from '../../domain/json.ts';
import {
  deliveryIdOf,
  type MessageRequest,
  messageRequestSchema,
} from '../../domain/outbound/message-request.ts';
import { cutText, MAX_SORT_KEY_BYTES } from './item-bytes.ts';
import type { Item } from './items.ts';

/** A partition takes 1,000 writes a second; so many times that is what one campaign, or one hour, takes. */
const SHARDS = 16;
/** Times as text of one length, so that they sort as numbers do. */
const digits = (value: number, length: number): string => String(value).padStart(length, '0');

/** Index over what is due: by hour and shard, then by time. */
export const DUE_INDEX = 'by_due';

export const shards = Array.from({ length: SHARDS }, (_, shard) => digits(shard, 2));
/** Spreads ids evenly; the sum of a UUID's characters does. */
const shardOf = (request: MessageRequest): string =>
  digits([...deliveryIdOf(request)].reduce((sum, c) => sum + c.charCodeAt(0), 0) % SHARDS, 2);

/** A task by its id and its code, of which an event may carry only one, or none. */
const taskKeyOf = ({ taskId, externalCode }: HeldTask): string => `${taskId}#${externalCode}`;

export const campaignPartition = (tenantId: string, task: HeldTask, shard: string): string =>
  `held#${tenantId}#${taskKeyOf(task)}#${shard}`;
export const duePartition = (hour: string, shard: string): string => `due#${hour}#${shard}`;

export const hourOf = (ms: number): string => digits(Math.floor(ms / HOUR), 8);
export const hourEndsAt = (hour: string): number => (Number(hour) + 1) * HOUR;

/** Where the directory keeps the tasks of a tenant that have held messages, and the hours in which any is due. */
export const tasksPartition = (tenantId: string): string => `tasks#${tenantId}`;
export const HOURS = 'hours';

/** Longer than any message is held. */
const TASK_LISTED_FOR = 30 * DAY;

export const directoryItems = ({ request, hold }: HeldMessage, now: number): readonly Item[] => [
  { held_key: HOURS, item_key: hourOf(hold.until) },
  {
    held_key: tasksPartition(request.tenantId),
    item_key: cutText(taskKeyOf(request), MAX_SORT_KEY_BYTES),
    task_id: request.taskId,
    external_code: request.externalCode,
    expire_ts: Math.ceil((now + TASK_LISTED_FOR) / SECOND),
  },
];

export const keyOf = ({ request, hold, holdNo }: HeldMessage) => ({
  held_key: campaignPartition(request.tenantId, request, shardOf(request)),
  // The reason first, so that a resume reads only what was on hold; then those that were held first.
  item_key: [hold.reason, digits(hold.until, 15), request.guid, holdNo].join('#'),
});

export const itemOf = (held: HeldMessage): Item => ({
  ...keyOf(held),
  due_key: duePartition(hourOf(held.hold.until), shardOf(held.request)),
  due_at: held.hold.until,
  hold: held.hold,
  hold_no: held.holdNo,
  request: JSON.stringify(held.request),
});

const itemSchema = z.object({
  hold: holdSchema,
  hold_no: z.number(),
  request: z.string().transform((text) => messageRequestSchema.parse(parseJson(text))),
});

export function fromHeldItem(item: Item): HeldMessage {
  const { hold, hold_no: holdNo, request } = itemSchema.parse(item);
  return { hold, holdNo, request };
}
