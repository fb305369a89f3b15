import { useState } from 'preact/hooks';
import type { AuditAnswer } from '../../domain/operator/answers/audit.ts';
import { Button, Empty, Show, Table, Time } from '../parts/parts.tsx';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';

type Entry = AuditAnswer['items'][number];

const words = (of: Readonly<Record<string, unknown>> | undefined): string =>
  Object.entries(of ?? {})
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const columns = [
  { title: 'At', cell: ({ at }: Entry) => <Time at={at} /> },
  { title: 'Key', cell: ({ caller }: Entry) => caller },
  { title: 'Action', cell: ({ action }: Entry) => <code>{action}</code> },
  { title: 'About', cell: ({ about }: Entry) => words(about) },
  {
    title: 'Answer',
    cell: ({ isFinished, status }: Entry) => (isFinished ? status : 'not finished'),
  },
  { title: 'Result', cell: ({ result }: Entry) => words(result) },
  { title: 'From', cell: ({ source }: Entry) => source ?? '–' },
];

/** Who changed what in the last 7 days. */
export function AuditView() {
  const { api } = useSession();
  const [cursor, setCursor] = useState<string>();
  const { loaded, refresh } = useLive(cursor ?? '', (signal) =>
    api.get<AuditAnswer>('/audit', { cursor }, signal),
  );
  return (
    <>
      <h1>Audit</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ items, cursor: next }) => (
          <>
            {items.length === 0 ? (
              <Empty>Nobody changed anything in the last 7 days.</Empty>
            ) : (
              <Table
                caption="Changes of the last 7 days, the latest first"
                columns={columns}
                rows={items}
                keyOf={({ at, requestId }) => `${at} ${requestId}`}
              />
            )}
            {next === undefined ? null : <Button onClick={() => setCursor(next)}>Next page</Button>}
          </>
        )}
      </Show>
    </>
  );
}
