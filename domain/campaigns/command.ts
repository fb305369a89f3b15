import type { Control, ControlState } from './control.ts';
import type { Controls } from './ports.ts';
import { noteRelease, type StartRunDeps } from './start-run.ts';

export const commands = ['hold', 'resume', 'stop'] as const;
export type Command = (typeof commands)[number];

const stateAfter: Readonly<Record<Command, ControlState>> = {
  hold: 'held',
  resume: 'running',
  stop: 'stopped',
};

/**
 * Holds, resumes or stops a campaign, or all of a tenant (`*`). The last command counts, whatever was
 * said before. Resuming puts back what the hold kept; stopping puts back everything that is held, so
 * that the worker ends it as stopped. A command that failed half-way is safe to repeat.
 */
export async function commandCampaign(
  command: Command,
  about: Pick<Control, 'tenantId' | 'taskId' | 'by' | 'reason'>,
  deps: StartRunDeps & { readonly controls: Pick<Controls, 'put'> },
): Promise<Control> {
  const control: Control = { ...about, state: stateAfter[command], at: deps.clock() };
  if (command === 'hold') {
    await deps.controls.put(control);
    return control;
  }
  const { tenantId, taskId } = about;
  const which = command === 'resume' ? 'on-hold' : 'all';
  const start = await noteRelease({ kind: 'campaign', tenantId, taskId, which }, deps);
  await deps.controls.put(control);
  await start();
  return control;
}
