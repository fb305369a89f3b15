import type { Clock } from '../clock.ts';
import { swapUntil } from '../swap-until.ts';
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
  deps: StartRunDeps & { readonly controls: Controls },
): Promise<Control> {
  const { tenantId, taskId } = about;
  const store = () => storeControl({ ...about, state: stateAfter[command] }, deps);
  if (command === 'hold') return store();
  const which = command === 'resume' ? 'on-hold' : 'all';
  const start = await noteRelease({ kind: 'campaign', tenantId, taskId, which }, deps);
  const control = await store();
  await start();
  return control;
}

/** Puts the command in place of the one that stands. Its time is later than that of every one before it. */
const storeControl = (
  said: Omit<Control, 'at'>,
  { clock, controls }: { readonly clock: Clock; readonly controls: Controls },
): Promise<Control> =>
  swapUntil('controls', async () => {
    const all = await controls.ofTenant(said.tenantId);
    const standing = all.find(({ taskId }) => taskId === said.taskId);
    const control = { ...said, at: Math.max(clock(), (standing?.at ?? 0) + 1) };
    return (await controls.put(control, standing?.at)) ? control : undefined;
  });
