import type { Group } from '../../domain/operator/answers/failed-requests.ts';

/** The fields by which failed requests are selected, as the API and the console's addresses name them. */
const names = ['provider', 'kind', 'class', 'code', 'sender', 'taskId', 'since', 'until'] as const;
export type Selection = { readonly [Name in (typeof names)[number]]?: string };

/** The selection that an address names. */
export const selectionOf = (query: Readonly<Record<string, string | undefined>>): Selection =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );

/** Exactly the requests of a group. A sender or task that is not known cannot be asked for. */
export const selectionOfGroup = (group: Group): Selection =>
  selectionOf({
    provider: group.provider,
    kind: group.kind,
    class: group.class,
    code: group.code,
    sender: group.sender,
    taskId: group.taskId,
  });

/** `class config, code 20003`; for people. */
export function selectionWords(selection: Selection): string {
  const words = names.flatMap((name) => {
    const value = selection[name];
    return value === undefined ? [] : [`${name === 'taskId' ? 'task' : name} ${value}`];
  });
  return words.length === 0 ? 'all failed requests' : words.join(', ');
}

const keyOf = (group: Group): string =>
  JSON.stringify([group.provider, group.kind, group.class, group.code, group.sender, group.taskId]);

/** Groups of several pages, added up; the largest first. */
export function addGroups(pages: readonly (readonly Group[])[]): readonly Group[] {
  const sums = new Map<string, Group>();
  for (const group of pages.flat()) {
    const known = sums.get(keyOf(group));
    sums.set(
      keyOf(group),
      known === undefined
        ? group
        : {
            ...known,
            count: known.count + group.count,
            firstAt: known.firstAt < group.firstAt ? known.firstAt : group.firstAt,
            lastAt: known.lastAt > group.lastAt ? known.lastAt : group.lastAt,
          },
    );
  }
  return [...sums.values()].sort((a, b) => b.count - a.count);
}
export const groupKey = keyOf;
