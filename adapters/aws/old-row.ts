import * as z from 'zod';
import type { FailedRequest } from '../../domain/failed-requests/failed-request.ts';
import { parseJson } from '../../domain/json.ts';
import { tenantIdSchema } from '../../domain/tenant/tenant-id.ts';
import type { Item } from './items.ts';

/** What the SAS connector for SCG wrote: no tenant and no reason, and times in forms of its own. */
const oldRowSchema = z.object({
  guid: z.string(),
  event_body: z.string().catch(''),
  http_status: z.coerce.number().int().optional().catch(undefined),
  generatedTimestamp: z.coerce.number().min(0).max(8.64e15).catch(0),
  /** Day first, by the clock of its Lambda, which is UTC: `31/12/2025 23:59:59`. */
  insert_ts: z.string().catch(''),
});

const eventSchema = z.object({
  externalTenantId: tenantIdSchema.catch('unknown'),
  impression: z.object({ taskId: z.string().catch('') }).catch({ taskId: '' }),
});

const BEGINNING = new Date(0).toISOString();
/** Old rows do not expire: the last second of the year 9999. */
const NEVER = 253_402_300_799;

function insertedAt(written: string): string {
  const [, day, month, year, time] =
    /^(\d{2})\/(\d{2})\/(\d{4}) (\d{2}:\d{2}:\d{2})$/.exec(written) ?? [];
  const at = new Date(`${year}-${month}-${day}T${time}.000Z`);
  return Number.isNaN(at.getTime()) ? BEGINNING : at.toISOString();
}

/** Our rows have a tenant, those of older connectors have none. */
export const isOldRow = (item: Item): boolean => item.tenant_id === undefined;

/**
 * A row that was copied from the table of an older connector, so that an operator can look at it. It
 * holds CI360's event and not a message request: it cannot be replayed, only posted again.
 */
export function readOldRow(item: Item): FailedRequest {
  const old = oldRowSchema.parse(item);
  const event = eventSchema.safeParse(parseJson(old.event_body)).data;
  return {
    guid: old.guid,
    tenantId: event?.externalTenantId ?? 'unknown',
    kind: 'message',
    status: 'failed',
    provider: 'scg',
    channel: 'unknown',
    eventBody: old.event_body,
    generatedTimestamp: new Date(old.generatedTimestamp).toISOString(),
    insertTs: insertedAt(old.insert_ts),
    ...(old.http_status === undefined ? {} : { httpStatus: old.http_status }),
    errorCode: 'old-row',
    errorClass: 'poison',
    errorMessage: 'The row was copied from the table of an older connector, which kept no reason.',
    advice:
      'It cannot be replayed. Post its event_body to /scg/messages while event_ttl allows it.',
    attempts: 0,
    taskId: event?.impression.taskId ?? '',
    sender: '',
    replays: 0,
    expireTs: NEVER,
  };
}
