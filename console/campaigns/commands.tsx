import type { ControlledAnswer } from '../../domain/operator/answers/campaigns.ts';
import { segment } from '../client.ts';
import { confirm } from '../parts/confirm.tsx';
import { Button } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { may, useSession } from '../state.ts';
import { counted } from '../words.ts';
import { commandsIn } from './totals.ts';

type Command = 'hold' | 'resume' | 'stop';

const says: Readonly<Record<Command, readonly string[]>> = {
  hold: [
    'Within 10 seconds nothing new leaves. Messages wait until you resume.',
    'Messages that the provider has already are not called back.',
  ],
  resume: ['Messages leave again, those on hold in the order in which they were held.'],
  stop: [
    'Within 10 seconds nothing new leaves. What has not left becomes a failed request of the class “stopped”.',
    'A replay can send those later. Messages that the provider has already are not called back.',
  ],
};

const titles: Readonly<Record<Command, string>> = { hold: 'Hold', resume: 'Resume', stop: 'Stop' };

/** Buttons that hold, resume and stop a campaign, or with `*` all of the tenant. */
export function Commands({
  taskId,
  name,
  state,
  onDone,
}: {
  taskId: string;
  name: string;
  state: string;
  onDone: () => void;
}) {
  const { api } = useSession();
  const action = useAction();
  if (!may('operator')) return null;

  async function command(which: Command): Promise<string | undefined> {
    const reason = await confirm({
      title: `${titles[which]} ${name}?`,
      says: says[which],
      action: titles[which],
      isDangerous: which === 'stop',
      asksReason: true,
    });
    if (reason === undefined) return undefined;
    const path = `/campaigns/${segment(taskId)}/${which}`;
    const { control, held } = await api.post<ControlledAnswer>(path, { reason });
    onDone();
    const waiting = held.count > 0 ? ` ${counted(held.count, 'message')} held.` : '';
    return `${name} is ${control.state}.${waiting}`;
  }

  return (
    <div>
      <div class="actions">
        {commandsIn(state).map((which) => (
          <Button
            key={which}
            kind={which === 'stop' ? 'danger' : 'plain'}
            disabled={action.isBusy}
            onClick={() => void action.run(() => command(which))}
          >
            {titles[which]}
          </Button>
        ))}
      </div>
      {action.note}
    </div>
  );
}
