import { useState } from 'preact/hooks';
import type { ListedTotalsAnswer } from '../../domain/operator/answers/campaign-totals.ts';
import { Badge, Bar, Button, Count, Empty, Show, Table, Time } from '../parts/parts.tsx';
import { hashOf } from '../router.ts';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { percent } from '../words.ts';
import { Commands } from './commands.tsx';

type Item = ListedTotalsAnswer['items'][number];

const EVERY_MS = 3000;
const PAGE = 20;
/** The most that one answer lists. */
const LONGEST = 100;

const nameOf = ({ externalCode, taskId }: Item): string => externalCode || taskId;

const Name = ({ of: item }: { of: Item }) => (
  <a href={hashOf('campaigns', item.taskId)}>{nameOf(item)}</a>
);

const Share = ({ of: { totals } }: { of: Item }) => (
  <span class="share">
    <Bar part={totals.delivered} whole={totals.accepted} tone="good" />
    {percent(totals.delivered, totals.accepted)}
  </span>
);

const columns = [
  { title: 'Campaign', cell: (item: Item) => <Name of={item} /> },
  { title: 'State', cell: ({ control }: Item) => <Badge status={control.state} /> },
  { title: 'Started', cell: ({ startedAt }: Item) => <Time at={startedAt} /> },
  ...(
    [
      ['Accepted', (item) => item.totals.accepted],
      ['Waiting', ({ totals }) => totals.waiting + totals.held + totals.inDoubt],
      ['Sent', (item) => item.totals.sent],
      ['Delivered', (item) => item.totals.delivered],
      ['Read', (item) => item.totals.read],
      ['Undelivered', (item) => item.totals.undelivered],
      ['Failed', ({ totals }) => totals.failed + totals.expired],
    ] satisfies [string, (item: Item) => number][]
  ).map(([title, count]) => ({
    title,
    isNumber: true,
    cell: (item: Item) => <Count of={count(item)} />,
  })),
  { title: 'Share delivered', cell: (item: Item) => <Share of={item} /> },
];

function Controls({
  controls,
  onDone,
}: {
  controls: ListedTotalsAnswer['controls'];
  onDone: () => void;
}) {
  const all = controls.find(({ taskId }) => taskId === '*');
  return (
    <>
      {controls.map(({ taskId, state, by, at, reason }) => (
        <p class="note warn" key={taskId}>
          {taskId === '*' ? 'All campaigns are' : `${taskId} is`} {state} since <Time at={at} />
          {by === null ? '' : ` by ${by}`}
          {reason === '' ? '' : `: ${reason}`}
        </p>
      ))}
      <details>
        <summary>All campaigns of this tenant</summary>
        <Commands taskId="*" name="all campaigns" state={all?.state ?? 'running'} onDone={onDone} />
      </details>
    </>
  );
}

/** How campaigns do, the latest first. */
export function CampaignsView() {
  const { api } = useSession();
  const [limit, setLimit] = useState(PAGE);
  const { loaded, refresh } = useLive(
    String(limit),
    (signal) => api.get<ListedTotalsAnswer>('/campaigns', { limit }, signal),
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <h1>Campaigns</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ items, controls, cursor }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                No campaigns yet. A campaign is listed once its first message was taken from the
                queue.
              </Empty>
            ) : (
              <Table
                caption="Campaigns, the latest to start first"
                columns={columns}
                rows={items}
                keyOf={({ taskId }) => taskId}
              />
            )}
            {cursor !== undefined && limit < LONGEST ? (
              <Button onClick={() => setLimit(LONGEST)}>Show more</Button>
            ) : null}
            <Controls controls={controls} onDone={refresh} />
          </>
        )}
      </Show>
    </>
  );
}
