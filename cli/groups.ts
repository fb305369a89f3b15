import { type Group, groupsAnswer } from '../domain/operator/answers/failed-requests.ts';
import { sumGroups } from '../domain/operator/group.ts';
import type { Context } from './context.ts';
import { counted, replayableWords, tableOrEntries, wrap } from './format.ts';

/** While a provider is down its messages wait: nothing has failed. */
export const NOTHING =
  'Nothing has failed in this selection. Messages may still be waiting: npm run cli -- status';

/** The groups of every page, added up. */
export async function allGroups(context: Context, query: Record<string, string | undefined>) {
  const groups: Group[] = [];
  let cursor: string | undefined;
  do {
    const page = await context.client.get(
      '/failed-requests',
      { ...query, group: 'true', cursor },
      groupsAnswer,
    );
    groups.push(...page.groups);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return sumGroups(groups);
}

/** Words on whether a replay helps take no more of a table's width. */
const REPLAY_WIDTH = 11;

/** Senders and tasks, often of 36 characters, are broken in two where the terminal is narrow. */
const idWidth = (width: number): number => (width < 120 ? 19 : 40);

/** Two words below one another, what is empty or said already left out. */
const lines = (first: string, second: string, width: number): string =>
  [...new Set([first, second])]
    .filter((one) => one !== '')
    .map((one) => wrap(one, width))
    .join('\n');

/** The groups as a table. */
export function showGroups(groups: readonly Group[], width: number): string {
  if (groups.length === 0) return NOTHING;
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const rows = groups.map((group) => [
    group.count,
    group.kind === 'external-event' ? `event · ${group.provider}` : group.provider,
    lines(group.class, group.code, idWidth(width)),
    lines(group.sender, group.taskId, idWidth(width)),
    wrap(replayableWords(group.replayable), REPLAY_WIDTH),
    `${group.message} ${group.advice}`.trim(),
  ]);
  const entries = groups.map((group) => [
    `${group.count} × ${group.kind === 'external-event' ? 'event · ' : ''}${group.provider}`,
    [...new Set([group.class, group.code])].join(' '),
    group.sender && `from ${group.sender}`,
    group.taskId && `task ${group.taskId}`,
    `replay: ${replayableWords(group.replayable)}`,
    `${group.message} ${group.advice}`.trim(),
  ]);
  const head = ['Count', 'Provider', 'Class, code', 'Sender, task', 'Replay', 'Cause and advice'];
  return `${tableOrEntries(head, rows, width, entries)}\n${total} in ${counted(groups.length, 'group')}.`;
}
