import type { SendersAnswer } from '../../domain/operator/answers/senders.ts';
import { Count, Empty, Show, Table, Time } from '../parts/parts.tsx';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { number } from '../words.ts';

type Sender = SendersAnswer['senders'][number];

const EVERY_MS = 3000;

const perSecond = (rate: number | null): string =>
  rate === null ? 'no limit' : `${number(rate)} a second`;

const today = ({ sentToday, dailyCap }: Sender): string =>
  sentToday === null
    ? '–'
    : `${number(sentToday)}${dailyCap === null ? '' : ` of ${number(dailyCap)}`}`;

const columns = [
  { title: 'Sender', cell: ({ sender }: Sender) => (sender === '*' ? 'Whole account' : sender) },
  { title: 'Provider', cell: ({ provider }: Sender) => provider },
  { title: 'Kind', cell: ({ kind }: Sender) => kind },
  { title: 'Limit', cell: ({ limit }: Sender) => perSecond(limit) },
  { title: 'Rate now', cell: ({ rate }: Sender) => perSecond(rate) },
  { title: 'Unit', cell: ({ unit }: Sender) => unit },
  { title: 'Backlog', isNumber: true, cell: ({ backlog }: Sender) => <Count of={backlog} /> },
  { title: 'Sent by', cell: ({ backlogUntil }: Sender) => <Time at={backlogUntil} /> },
  { title: 'Today', cell: today },
  {
    title: 'Throttled in the last minute',
    isNumber: true,
    cell: ({ throttledLastMinute }: Sender) => <Count of={throttledLastMinute} />,
  },
  { title: 'Last throttled', cell: ({ throttledAt }: Sender) => <Time at={throttledAt} /> },
];

/** How fast senders send, and what waits for them. */
export function SendersView() {
  const { api } = useSession();
  const { loaded, refresh } = useLive(
    'senders',
    (signal) => api.get<SendersAnswer>('/senders', {}, signal),
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <h1>Senders</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ senders }) =>
          senders.length === 0 ? (
            <Empty>
              No sender was held to a rate in the last two days. A sender without a limit is not
              listed until a provider throttles it.
            </Empty>
          ) : (
            <Table
              caption="Senders that were held to a rate in the last two days"
              columns={columns}
              rows={senders}
              keyOf={({ provider, sender }) => `${provider} ${sender}`}
            />
          )
        }
      </Show>
    </>
  );
}
