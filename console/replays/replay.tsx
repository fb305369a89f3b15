import type { ReplayAnswer } from '../../domain/operator/answers/replays.ts';
import { segment } from '../client.ts';
import { selectionOf, selectionWords } from '../failed/selection.ts';
import { confirm } from '../parts/confirm.tsx';
import { Badge, Bar, Button, Facts, Show, Table, Time } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { hashOf } from '../router.ts';
import { may, useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { number, percent, verdictWords } from '../words.ts';
import { type Control, controlsOf, isSettled, progressWords } from './progress.ts';

const EVERY_MS = 1000;

const titles: Readonly<Record<Control, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  cancel: 'Cancel the replay',
};

const says: Readonly<Record<Control, string>> = {
  pause: 'It stops between two batches. What is on the queue is still sent.',
  resume: 'It goes on where it was.',
  cancel:
    'It ends and cannot be resumed. What is on the queue is still sent; the rest stays failed.',
};

function Controls({ replay, onDone }: { replay: ReplayAnswer; onDone: () => void }) {
  const { api } = useSession();
  const action = useAction();
  if (!may('operator')) return null;

  async function control(which: Control): Promise<string | undefined> {
    const title = `${titles[which]}?`;
    const agreed = await confirm({
      title,
      says: [says[which]],
      action: titles[which],
      isDangerous: which === 'cancel',
    });
    if (agreed === undefined) return undefined;
    const path = `/replays/${segment(replay.replayId)}/${which}`;
    const answer = await api.post<ReplayAnswer>(path);
    onDone();
    return progressWords(answer);
  }

  return (
    <>
      <div class="actions">
        {controlsOf(replay).map((which) => (
          <Button
            key={which}
            kind={which === 'cancel' ? 'danger' : 'plain'}
            disabled={action.isBusy}
            onClick={() => void action.run(() => control(which))}
          >
            {titles[which]}
          </Button>
        ))}
      </div>
      {action.note}
    </>
  );
}

const outcomes = (replay: ReplayAnswer) =>
  [
    { name: 'Sent', count: replay.sent, tone: 'good' },
    { name: 'Failed again', count: replay.failedAgain, tone: 'bad' },
    { name: 'On their way', count: replay.onTheirWay, tone: 'sent' },
  ] as const;

const skippedColumns = [
  { title: 'Count', isNumber: true, cell: ([, count]: [string, number]) => number(count) },
  { title: 'Why', cell: ([verdict]: [string, number]) => verdictWords(verdict) },
];

function Report({ replay }: { replay: ReplayAnswer }) {
  const skipped = Object.entries(replay.skipped);
  return (
    <>
      <ul class="funnel" aria-label="Outcomes">
        {outcomes(replay).map(({ name, count, tone }) => (
          <li key={name}>
            <span>{name}</span>
            <Bar part={count} whole={replay.requeued} tone={tone} />
            <strong class="count">{number(count)}</strong>
            <small class="percent">{percent(count, replay.requeued)}</small>
          </li>
        ))}
      </ul>
      {replay.failedAgain > 0 ? (
        <p>
          <a href={hashOf('failed')}>Failed</a> shows those that failed again, with their new
          reason.
        </p>
      ) : null}
      {skipped.length > 0 ? (
        <Table
          caption="Left alone"
          columns={skippedColumns}
          rows={skipped}
          keyOf={([verdict]) => verdict}
        />
      ) : null}
    </>
  );
}

/** One replay: its progress while it runs, and its report. */
export function ReplayView({ id }: { id: string }) {
  const { api } = useSession();
  const { loaded, refresh } = useLive(
    id,
    (signal) => api.get<ReplayAnswer>(`/replays/${segment(id)}`, {}, signal),
    { everyMs: EVERY_MS, isOver: isSettled },
  );
  return (
    <>
      <p>
        <a href={hashOf('replays')}>Replays</a>
      </p>
      <h1>Replay</h1>
      <Show of={loaded} onRetry={refresh}>
        {(replay) => (
          <>
            <p>
              <Badge status={replay.status} />
            </p>
            <p aria-live="polite">{progressWords(replay)}</p>
            <Controls replay={replay} onDone={refresh} />
            <Report replay={replay} />
            <Facts
              of={[
                ['Replay', replay.replayId],
                ['Selected', selectionWords(selectionOf(replay.selection))],
                ['Put on the queue', number(replay.requeued)],
                ['Rate', `${replay.options.rate} a second`],
                ['Canary', replay.options.canary > 0 ? number(replay.options.canary) : ''],
                ['Started by', replay.startedBy],
                ['Started', <Time key="at" at={replay.createdAt} />],
                ['Finished', replay.finishedAt ? <Time key="at" at={replay.finishedAt} /> : ''],
              ]}
            />
          </>
        )}
      </Show>
    </>
  );
}
