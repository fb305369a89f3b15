import type { ReplayAnswer } from '../../domain/operator/answers/replays.ts';
import { Badge, Count, Empty, Show, Table, Time } from '../parts/parts.tsx';
import { hashOf } from '../router.ts';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';

type Page = { readonly items: readonly ReplayAnswer[] };

const EVERY_MS = 5000;
const LIMIT = 50;

export const replayColumns = [
  { title: 'Started', cell: ({ createdAt }: ReplayAnswer) => <Time at={createdAt} /> },
  {
    title: 'Replay',
    cell: ({ replayId }: ReplayAnswer) => <a href={hashOf('replays', replayId)}>{replayId}</a>,
  },
  { title: 'Status', cell: ({ status }: ReplayAnswer) => <Badge status={status} /> },
  { title: 'Requeued', isNumber: true, cell: (one: ReplayAnswer) => <Count of={one.requeued} /> },
  { title: 'Sent', isNumber: true, cell: (one: ReplayAnswer) => <Count of={one.sent} /> },
  {
    title: 'Failed again',
    isNumber: true,
    cell: (one: ReplayAnswer) => <Count of={one.failedAgain} />,
  },
  { title: 'Started by', cell: ({ startedBy }: ReplayAnswer) => startedBy },
];

/** The latest replays of the tenant. */
export function ReplaysView() {
  const { api } = useSession();
  const { loaded, refresh } = useLive(
    'replays',
    (signal) => api.get<Page>('/replays', { limit: LIMIT }, signal),
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <h1>Replays</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              There have been no replays. <a href={hashOf('failed')}>Failed</a> shows what could be
              sent again.
            </Empty>
          ) : (
            <Table
              caption={`The latest ${LIMIT} replays`}
              columns={replayColumns}
              rows={items}
              keyOf={({ replayId }) => replayId}
            />
          )
        }
      </Show>
    </>
  );
}
