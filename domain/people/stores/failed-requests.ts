import * as z from 'zod';
import { eraseFailedRequest } from '../../failed-requests/erase.ts';
import { type FailedRequest, failedRequestStatuses } from '../../failed-requests/failed-request.ts';
import type { FailedRequests } from '../../failed-requests/ports.ts';
import { externalEventRequestSchema } from '../../feedback/external-event-request.ts';
import { parseJson } from '../../json.ts';
import { addressKey } from '../../outbound/address-key.ts';
import { deliveryIdOf, messageRequestSchema } from '../../outbound/message-request.ts';
import type { Erasing, Person, PersonStore } from '../ports.ts';
import { type DeliveryDeps, dataOfDelivery, eraseDelivery } from './delivery.ts';

type Deps = DeliveryDeps & {
  readonly failedRequests: Pick<FailedRequests, 'list' | 'getMany' | 'get' | 'swap'>;
};

/** Rows of one read of the index. */
const READ = 200;

const cursorSchema = z.object({
  status: z.enum(failedRequestStatuses),
  after: z.string().optional(),
});

/** Whether a failed request is about the person: a message to them, a reply or status of theirs, or unreadable and naming them. */
function isAbout(row: FailedRequest, { address, identityId }: Person): boolean {
  const key = addressKey(address);
  const body = parseJson(row.eventBody);
  const message = messageRequestSchema.safeParse(body);
  if (message.success) return addressKey(message.data.to) === key;
  const event = externalEventRequestSchema.safeParse(body);
  if (!event.success) return row.eventBody.includes(key) || row.eventBody.includes(address);
  if (event.data.kind === 'reply') return addressKey(event.data.from) === key;
  return (
    addressKey(event.data.address ?? '') === key ||
    (identityId !== undefined && event.data.identityId === identityId)
  );
}

/** Failed requests are not indexed by recipient: the bodies of all of the tenant are read. */
export const failedRequestStore = (deps: Deps): PersonStore => ({
  name: 'failed-requests',
  find: async (person, cursor) => {
    const { status, after } = cursorSchema.parse(
      cursor === undefined ? { status: failedRequestStatuses[0] } : parseJson(cursor),
    );
    const { tenantId } = person;
    const page = await deps.failedRequests.list(
      { tenantId, status },
      { limit: READ, ...(after === undefined ? {} : { cursor: after }) },
    );
    const rows = await deps.failedRequests.getMany(page.items.map(({ guid }) => guid));
    const theirs = rows.filter((row) => row.tenantId === tenantId && isAbout(row, person));
    return {
      items: await Promise.all(theirs.map((row) => foundOf(row, deps))),
      cursor: nextOf(status, page.cursor),
    };
  },
});

/** The rest of this status, or the next status. */
function nextOf(
  status: (typeof failedRequestStatuses)[number],
  after: string | undefined,
): string | undefined {
  if (after !== undefined) return JSON.stringify({ status, after });
  const next = failedRequestStatuses[failedRequestStatuses.indexOf(status) + 1];
  return next && JSON.stringify({ status: next });
}

async function foundOf(row: FailedRequest, deps: Deps) {
  // Under the guid of its message, also where another tenant's row has that key.
  const guid = row.guid.slice(
    row.guid.startsWith(`${row.tenantId}#`) ? row.tenantId.length + 1 : 0,
  );
  const id = row.kind === 'message' ? deliveryIdOf({ tenantId: row.tenantId, guid }) : undefined;
  const delivery = id === undefined ? undefined : await deps.deliveries.get(id);
  const { eventBody, expireTs: _until, ...facts } = row;
  return {
    data: {
      ...facts,
      body: parseJson(eventBody) ?? eventBody,
      delivery: delivery && dataOfDelivery(delivery),
    },
    erase: async (): Promise<Erasing> => {
      // The delivery is found by the row, so the row comes last.
      if (id !== undefined && (await eraseDelivery(id, deps)) === 'in-flight') return 'in-flight';
      await eraseFailedRequest({ guid, tenantId: row.tenantId }, deps);
      return 'erased';
    },
  };
}
