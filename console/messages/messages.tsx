import { useState } from 'preact/hooks';
import type {
  FoundMessageAnswer,
  FoundMessagesAnswer,
} from '../../domain/operator/answers/messages.ts';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Badge, Button, Empty, Table, Time } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { hashOf, type Place } from '../router.ts';
import { useSession } from '../state.ts';
import { codeWords, counted } from '../words.ts';
import { Message } from './message.tsx';

const kinds = [
  ['guid', 'Guid of the event'],
  ['number', 'Number of the person'],
  ['identity', 'CI360’s identity'],
  ['messageId', 'Provider’s message id'],
  ['task', 'Task'],
] as const;

type Found = FoundMessagesAnswer & { readonly asked: Readonly<Record<string, string>> };

const columns = [
  {
    title: 'Message',
    cell: ({ guid }: FoundMessageAnswer) => (
      <a href={hashOf('messages', undefined, { guid })}>{guid}</a>
    ),
  },
  { title: 'Accepted', cell: ({ createdAt }: FoundMessageAnswer) => <Time at={createdAt} /> },
  { title: 'Status', cell: ({ status }: FoundMessageAnswer) => <Badge status={status} /> },
  { title: 'Sent', cell: ({ sentAt }: FoundMessageAnswer) => <Time at={sentAt} /> },
  {
    title: 'Campaign',
    cell: ({ externalCode, taskId }: FoundMessageAnswer) => externalCode || taskId || '–',
  },
  { title: 'Identity', cell: ({ identityId }: FoundMessageAnswer) => identityId },
  {
    title: 'By',
    cell: ({ provider, channel }: FoundMessageAnswer) => `${provider}, ${channel}`,
  },
  {
    title: 'Error',
    cell: ({ error }: FoundMessageAnswer) =>
      error === null ? '–' : codeWords(error.code, error.class),
  },
];

const FoundTable = ({ found, onMore }: { found: Found; onMore: (cursor: string) => void }) => (
  <>
    {found.items.length === 0 ? (
      <Empty>
        No message was found. Messages accepted since <Time at={found.keptSince} /> can be found;
        one that is still in the queue is not found yet.
      </Empty>
    ) : (
      <Table
        caption="Messages, the latest first"
        columns={columns}
        rows={found.items}
        keyOf={({ guid }) => guid}
      />
    )}
    {found.cursor === undefined ? null : (
      <Button onClick={() => onMore(found.cursor ?? '')}>Next page</Button>
    )}
  </>
);

/** Finds messages, and shows what happened to one. What is searched for is in no address. */
export function MessagesView({ place }: { place: Place }) {
  const { api } = useSession();
  const guid = place.query.guid ?? '';
  const [kind, setKind] = useState('guid');
  const [value, setValue] = useState(guid);
  const [found, setFound] = useState<Found>();
  const action = useAction();

  async function find(asked: Found['asked'], cursor?: string): Promise<string> {
    const answer = await api.post<FoundMessagesAnswer>('/messages/find', { ...asked, cursor });
    setFound({ ...answer, asked });
    return `${counted(answer.items.length, 'message')} found.`;
  }

  return (
    <>
      <h1>Messages</h1>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          setFound(undefined);
          const wanted = value.trim();
          // The address of the view is that of a message: only a guid is in it.
          location.assign(hashOf('messages', undefined, kind === 'guid' ? { guid: wanted } : {}));
          if (kind !== 'guid') void action.run(() => find({ [kind]: wanted }));
        }}
      >
        <SelectField label="Find by" value={kind} options={kinds} onValue={setKind} />
        <TextField label="Value" value={value} onValue={setValue} isRequired />
        <Button submits kind="main" disabled={action.isBusy}>
          Find
        </Button>
      </form>
      {action.note}
      {guid === '' ? null : <Message key={guid} guid={guid} />}
      {found === undefined || guid !== '' ? null : (
        <FoundTable
          found={found}
          onMore={(cursor) => void action.run(() => find(found.asked, cursor))}
        />
      )}
    </>
  );
}
