import type { Group } from '../../domain/operator/answers/failed-requests.ts';
import type { Api } from '../client.ts';
import { Empty, Show, Table, Time } from '../parts/parts.tsx';
import { hashOf } from '../router.ts';
import { may, useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { codeWords, counted, number, replayableWords } from '../words.ts';
import { addGroups, groupKey, selectionOfGroup } from './selection.ts';

type Page = { readonly groups: readonly Group[]; readonly cursor?: string };
type Groups = { readonly groups: readonly Group[]; readonly isWhole: boolean };

const EVERY_MS = 10_000;
/** One page takes the service up to 15 s of reading. */
const MOST_PAGES = 8;

async function groupsOf(api: Api, signal: AbortSignal): Promise<Groups> {
  const pages: (readonly Group[])[] = [];
  let cursor: string | undefined;
  do {
    const query = { group: true, cursor };
    const page: Page = await api.get<Page>('/failed-requests', query, signal);
    pages.push(page.groups);
    cursor = page.cursor;
  } while (cursor !== undefined && pages.length < MOST_PAGES);
  return { groups: addGroups(pages), isWhole: cursor === undefined };
}

const Actions = ({ of: group }: { of: Group }) => {
  const selection = selectionOfGroup(group);
  return (
    <span class="links">
      <a href={hashOf('requests', undefined, selection)}>Show</a>
      {may('operator') && group.replayable !== 'no' ? (
        <a href={hashOf('plan', undefined, selection)}>Plan a replay</a>
      ) : null}
    </span>
  );
};

const columns = [
  { title: 'Count', isNumber: true, cell: ({ count }: Group) => number(count) },
  { title: 'Actions', cell: (group: Group) => <Actions of={group} /> },
  {
    title: 'Cause and what to do',
    cell: ({ message, advice }: Group) => (
      <>
        {message} {advice ? <em>{advice}</em> : null}
      </>
    ),
  },
  { title: 'Code', cell: (group: Group) => codeWords(group.code, group.class) },
  { title: 'Provider', cell: ({ provider }: Group) => provider },
  {
    title: 'What',
    cell: ({ kind }: Group) => (kind === 'message' ? 'Message' : 'Report to CI360'),
  },
  { title: 'Sender', cell: ({ sender }: Group) => sender || '–' },
  { title: 'Task', cell: ({ taskId }: Group) => taskId || '–' },
  { title: 'Latest', cell: ({ lastAt }: Group) => <Time at={lastAt} /> },
  { title: 'Replay helps', cell: ({ replayable }: Group) => replayableWords(replayable) },
];

/** What failed, in groups by cause, sender and task. */
export function FailedView() {
  const { api } = useSession();
  const { loaded, refresh } = useLive('groups', (signal) => groupsOf(api, signal), {
    everyMs: EVERY_MS,
  });
  return (
    <>
      <h1>Failed</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ groups, isWhole }) =>
          groups.length === 0 ? (
            <Empty>Nothing failed that waits for an operator.</Empty>
          ) : (
            <>
              <p>
                {isWhole ? '' : 'At least '}
                {counted(
                  groups.reduce((sum, { count }) => sum + count, 0),
                  'failed request',
                )}{' '}
                in {counted(groups.length, 'group')}.{' '}
                {may('operator') ? <a href={hashOf('plan')}>Plan a replay of all</a> : null}
              </p>
              <Table
                caption="Failed requests by cause, sender and task"
                columns={columns}
                rows={groups}
                keyOf={groupKey}
              />
            </>
          )
        }
      </Show>
    </>
  );
}
