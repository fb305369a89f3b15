import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../../domain/cursor.ts';
import type { FailedRequest, ListedRequest } from '../../domain/failed-requests/failed-request.ts';
import type { AsRead, FailedRequests } from '../../domain/failed-requests/ports.ts';
import { outageOf } from './outage.ts';

const listed = ({ eventBody: _, ...rest }: FailedRequest): ListedRequest => rest;

/** Failed requests in memory; its cursors hold the place of the last item, as the index's do. */
export function fakeFailedRequests(initial: readonly FailedRequest[] = []) {
  const kept = new Map(initial.map((request) => [request.guid, structuredClone(request)]));
  const outage = outageOf('failed-requests');
  const apart = (tenantId: string, guid: string) => `${tenantId}#${guid}`;
  const unchanged = (previous: AsRead) => {
    const now = kept.get(previous.guid);
    return (
      now?.tenantId === previous.tenantId &&
      now.status === previous.status &&
      now.replays === previous.replays
    );
  };
  const port: FailedRequests = {
    add: async (request) => {
      outage.check();
      const first = kept.get(request.guid);
      const free = first === undefined || first.tenantId === request.tenantId;
      const guid = free ? request.guid : apart(request.tenantId, request.guid);
      if (kept.has(guid)) return 'exists';
      kept.set(guid, structuredClone({ ...request, guid }));
      return 'added';
    },
    get: async (guid, tenantId) => {
      outage.check();
      const found = kept.get(guid);
      if (tenantId === undefined || found?.tenantId === tenantId) return structuredClone(found);
      return structuredClone(kept.get(apart(tenantId, guid)));
    },
    getMany: async (guids) => {
      outage.check();
      return structuredClone(guids.flatMap((guid) => kept.get(guid) ?? []));
    },
    swap: async (previous, next) => {
      outage.check();
      if (!unchanged(previous)) return false;
      kept.set(previous.guid, structuredClone({ ...next, guid: previous.guid }));
      return true;
    },
    remove: async (previous) => {
      outage.check();
      if (!kept.has(previous.guid)) return true;
      return unchanged(previous) && kept.delete(previous.guid);
    },
    list: async (query, { limit, cursor }) => {
      outage.check();
      const from = cursor === undefined ? undefined : decodeCursor(query, cursor, z.string());
      const placeOf = ({ insertTs, guid }: FailedRequest) => `${insertTs} ${guid}`;
      const items = [...kept.values()]
        .filter(
          ({ tenantId, status, insertTs }) =>
            tenantId === query.tenantId &&
            status === query.status &&
            insertTs >= (query.since ?? '') &&
            insertTs <= (query.until ?? '~'),
        )
        .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
      if (query.order === 'newest-first') items.reverse();
      const newest = query.order === 'newest-first';
      const rest = items.filter(
        (item) => from === undefined || (newest ? placeOf(item) < from : placeOf(item) > from),
      );
      const page = rest.slice(0, limit);
      const last = page.at(-1);
      return {
        items: structuredClone(page.map(listed)),
        ...(last && rest.length > limit ? { cursor: encodeCursor(query, placeOf(last)) } : {}),
      };
    },
  };
  return { ...port, outage, all: () => structuredClone([...kept.values()]) };
}
