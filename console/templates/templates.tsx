import type { TemplatesAnswer } from '../../domain/operator/answers/templates.ts';
import { confirm } from '../parts/confirm.tsx';
import { Badge, Button, Empty, Show, Table, Time } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { may, useSession } from '../state.ts';
import { useLive } from '../use-live.ts';

type Template = TemplatesAnswer['templates'][number];

const columns = [
  { title: 'Name', cell: ({ name }: Template) => name },
  { title: 'Id', cell: ({ sid }: Template) => <code>{sid}</code> },
  { title: 'Language', cell: ({ language }: Template) => language },
  { title: 'Category', cell: ({ category }: Template) => category ?? '–' },
  { title: 'WhatsApp approval', cell: ({ status }: Template) => <Badge status={status} /> },
  { title: 'Variables', cell: ({ variables }: Template) => variables.join(', ') || '–' },
  {
    title: 'Text',
    cell: ({ text, reason }: Template) => (
      <>
        {text ?? '–'} {reason === null ? null : <em>{reason}</em>}
      </>
    ),
  },
];

function Sync({ onDone }: { onDone: () => void }) {
  const { api } = useSession();
  const action = useAction();
  if (!may('operator')) return null;

  async function sync(): Promise<string | undefined> {
    const agreed = await confirm({
      title: 'Read the templates again?',
      says: ['The templates are read from the provider. Later messages are judged by them.'],
      action: 'Read them',
    });
    if (agreed === undefined) return undefined;
    await api.post<TemplatesAnswer>('/templates/sync');
    onDone();
    return 'The templates were read.';
  }

  return (
    <div>
      <Button disabled={action.isBusy} onClick={() => void action.run(sync)}>
        Read them from the provider
      </Button>
      {action.note}
    </div>
  );
}

/** The templates of the tenant, as the provider listed them last. */
export function TemplatesView() {
  const { api } = useSession();
  const { loaded, refresh } = useLive('templates', (signal) =>
    api.get<TemplatesAnswer>('/templates', {}, signal),
  );
  return (
    <>
      <h1>Templates</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ syncedAt, templates }) => (
          <>
            <p>
              {syncedAt === null ? 'Never read from the provider.' : 'Read at '}
              {syncedAt === null ? null : <Time at={syncedAt} />}
            </p>
            <Sync onDone={refresh} />
            {templates.length === 0 ? (
              <Empty>No templates.</Empty>
            ) : (
              <Table
                caption="Templates of the provider"
                columns={columns}
                rows={templates}
                keyOf={({ sid }) => sid}
              />
            )}
          </>
        )}
      </Show>
    </>
  );
}
