import type { ListedRequest } from '../failed-requests/failed-request.ts';
import type { Group } from './answers/failed-requests.ts';
import { replayable } from './views.ts';

/** What failed for one cause, from one sender, in one task. */
export function groupOf(row: ListedRequest): Group {
  return {
    provider: row.provider,
    kind: row.kind,
    class: row.errorClass,
    code: row.errorCode,
    sender: row.sender,
    taskId: row.taskId,
    message: row.errorMessage,
    advice: row.advice ?? '',
    replayable: replayable(row.kind, row.errorClass),
    count: 1,
    firstAt: row.insertTs,
    lastAt: row.insertTs,
  };
}

const groupKey = (group: Group): string =>
  JSON.stringify([group.provider, group.kind, group.class, group.code, group.sender, group.taskId]);

/** Two parts of one group. */
export const mergeGroups = (a: Group, b: Group): Group => ({
  ...a,
  count: a.count + b.count,
  firstAt: a.firstAt < b.firstAt ? a.firstAt : b.firstAt,
  lastAt: a.lastAt > b.lastAt ? a.lastAt : b.lastAt,
});

/** Adds groups up by cause, sender and task; the largest first. */
export function sumGroups(groups: Iterable<Group>): Group[] {
  const byKey = new Map<string, Group>();
  for (const group of groups) {
    const key = groupKey(group);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? group : mergeGroups(known, group));
  }
  return [...byKey.values()].sort((a, b) => b.count - a.count);
}
