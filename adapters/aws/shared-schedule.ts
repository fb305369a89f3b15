import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { SharedSchedule } from '../../domain/shared-schedule.ts';
import { reserveSlot, type ScheduleItem } from './slot-schedule.ts';

const busySchema = z.object({ busy_until: z.number() });

/** One item of a table, under a key that no other item has, with `busy_until`, ms since 1970. */
export function sharedSchedule(
  client: DynamoDBDocumentClient,
  place: Pick<ScheduleItem, 'dependency' | 'table' | 'key'>,
): SharedSchedule {
  const item = { ...place, attribute: 'busy_until' };
  return {
    reserve: async ({ dueAt, ...slot }) => {
      const reserved = await reserveSlot(client, item, slot);
      if (reserved === undefined) return undefined;
      return reserved.wasFree ? dueAt : busySchema.parse(reserved.before).busy_until;
    },
  };
}

/** That of all replays. No replay's id begins with such a character; without a tenant, the index does not hold it. */
export const replaySchedule = (client: DynamoDBDocumentClient, table: string): SharedSchedule =>
  sharedSchedule(client, {
    dependency: 'replays',
    table,
    key: { replay_id: '#shared-schedule' },
  });
