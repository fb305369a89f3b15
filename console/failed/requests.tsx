import { useState } from 'preact/hooks';
import type { FailedRequestAnswer } from '../../domain/operator/answers/failed-requests.ts';
import { Button, Empty, Show, Table, Time } from '../parts/parts.tsx';
import { hashOf, type Place } from '../router.ts';
import { may, useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { codeWords } from '../words.ts';
import { selectionOf, selectionWords } from './selection.ts';

type Page = { readonly items: readonly FailedRequestAnswer[]; readonly cursor?: string };

const columns = [
  {
    title: 'Message',
    cell: ({ guid }: FailedRequestAnswer) => (
      <a href={hashOf('messages', undefined, { guid })}>{guid}</a>
    ),
  },
  { title: 'Failed', cell: ({ failedAt }: FailedRequestAnswer) => <Time at={failedAt} /> },
  { title: 'To', cell: ({ to }: FailedRequestAnswer) => to || '–' },
  { title: 'Sender', cell: ({ sender }: FailedRequestAnswer) => sender || '–' },
  { title: 'Code', cell: (row: FailedRequestAnswer) => codeWords(row.code, row.class) },
  { title: 'Cause', cell: ({ message }: FailedRequestAnswer) => message },
];

/** The failed requests of a group, a page at a time. */
export function RequestsView({ place }: { place: Place }) {
  const { api } = useSession();
  const selection = selectionOf(place.query);
  const [cursor, setCursor] = useState<string>();
  const { loaded, refresh } = useLive(`${JSON.stringify(selection)} ${cursor ?? ''}`, (signal) =>
    api.get<Page>('/failed-requests', { ...selection, cursor }, signal),
  );
  return (
    <>
      <p>
        <a href={hashOf('failed')}>Failed</a>
      </p>
      <h1>Failed requests</h1>
      <p>
        Selected: {selectionWords(selection)}.{' '}
        {may('operator') ? (
          <a href={hashOf('plan', undefined, selection)}>Plan a replay of these</a>
        ) : null}
      </p>
      <Show of={loaded} onRetry={refresh}>
        {({ items, cursor: next }) => (
          <>
            {items.length === 0 ? (
              <Empty>
                {next === undefined
                  ? 'There are none. Those that were replayed and sent are not listed.'
                  : 'There are none on this page.'}
              </Empty>
            ) : (
              <Table
                caption="Failed requests, the latest first"
                columns={columns}
                rows={items}
                keyOf={({ guid, kind }) => `${kind} ${guid}`}
              />
            )}
            {next === undefined ? null : <Button onClick={() => setCursor(next)}>Next page</Button>}
          </>
        )}
      </Show>
    </>
  );
}
