import * as z from 'zod';
import type { MessageRequest } from '../outbound/message-request.ts';

export const controlStates = ['running', 'held', 'stopped'] as const;
export type ControlState = (typeof controlStates)[number];

/** Names all campaigns of a tenant. */
export const ALL_CAMPAIGNS = '*';

/** What an operator last said about one campaign, or about all of a tenant. */
export const controlSchema = z.object({
  tenantId: z.string(),
  /** The task as the operator named it: its id or its code; `*` for all of the tenant. */
  taskId: z.string(),
  state: z.enum(controlStates),
  /** Name of the key that said so. */
  by: z.string(),
  /** ms since 1970. */
  at: z.number(),
  reason: z.string(),
});
export type Control = z.infer<typeof controlSchema>;

/** A task may be named by its id or by its code. */
export type Task = Pick<MessageRequest, 'taskId' | 'externalCode'>;

const names = (control: Control, { taskId, externalCode }: Task): boolean =>
  control.taskId !== '' && (control.taskId === taskId || control.taskId === externalCode);

const latest = (controls: readonly Control[]): Control | undefined =>
  controls.reduce<Control | undefined>(
    (last, control) => (last === undefined || control.at > last.at ? control : last),
    undefined,
  );

const strictness = (control: Control | undefined): number =>
  control === undefined ? 0 : controlStates.indexOf(control.state);

/**
 * What holds for a task. Of what was said about its id and about its code, the latest counts; of that
 * and what was said about all campaigns of the tenant, the stricter.
 */
export function controlOf(controls: readonly Control[], task: Task): Control | undefined {
  const own = latest(controls.filter((control) => names(control, task)));
  const ofAll = controls.find(({ taskId }) => taskId === ALL_CAMPAIGNS);
  return strictness(ofAll) > strictness(own) ? ofAll : (own ?? ofAll);
}
