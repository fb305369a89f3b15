import { ALL_CAMPAIGNS, type Control, controlOf, type Task } from '../campaigns/control.ts';
import type { ControlAnswer, ControlledAnswer } from './answers/campaigns.ts';
import type { OperatorDeps } from './deps.ts';

/** What was said last, as an operator sees it. */
export const viewOfControl = (control: Control | undefined): ControlAnswer => ({
  state: control?.state ?? 'running',
  by: control?.by ?? null,
  at: control === undefined ? null : new Date(control.at).toISOString(),
  reason: control?.reason ?? '',
});

/** A task as it was named: whether that is its id or its code is not known. */
const taskNamed = (name: string): Task => ({ taskId: name, externalCode: name });

/** A campaign after a command. What was said about all of the tenant counts for it too. */
export async function viewOfControlled(
  tenantId: string,
  taskId: string,
  deps: Pick<OperatorDeps, 'controls' | 'held' | 'campaigns'>,
): Promise<ControlledAnswer> {
  const [controls, held, campaign] = await Promise.all([
    deps.controls.ofTenant(tenantId),
    deps.held.count(tenantId, taskId),
    taskId === ALL_CAMPAIGNS ? undefined : deps.campaigns.find(tenantId, taskId),
  ]);
  return {
    tenantId,
    taskId,
    control: viewOfControl(controlOf(controls, taskNamed(taskId))),
    held,
    known: taskId === ALL_CAMPAIGNS || campaign !== undefined || held.count > 0,
  };
}
