import type { Creative } from './creative.ts';
import type { OutboundEvent } from './event.ts';

const priorities = ['normal', 'high'] as const;
type Priority = (typeof priorities)[number];

/** The creative's own word; undefined where it is none of `priorities`, and for a creative that says nothing. */
function namedPriority({ priority }: Pick<Creative, 'priority'>): Priority | undefined {
  const word = priority.toLowerCase();
  return priorities.find((each) => each === word);
}

export type PriorityReading =
  | { readonly ok: true; readonly priority: Priority }
  | { readonly ok: false; readonly issue: string };

/**
 * The priority of a message: what its creative says, else `high` for a task that `priority_tasks` names by
 * its id or its code.
 */
export function priorityOf(
  creative: Pick<Creative, 'priority'>,
  { taskId, externalCode }: Pick<OutboundEvent, 'taskId' | 'externalCode'>,
  priorityTasks: readonly string[],
): PriorityReading {
  const priority = namedPriority(creative);
  if (priority !== undefined) return { ok: true, priority };
  if (creative.priority !== '') {
    return { ok: false, issue: `is none of ${priorities.join(', ')}` };
  }
  const isNamed = [taskId, externalCode].some((id) => id !== '' && priorityTasks.includes(id));
  return { ok: true, priority: isNamed ? 'high' : 'normal' };
}
