import type { StatusAnswer } from '../../domain/operator/answers/status.ts';
import { Count, Empty, Facts, Show, Table, Time } from '../parts/parts.tsx';
import { replayColumns } from '../replays/replays.tsx';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { codeWords, number } from '../words.ts';

type Queue = readonly [string, StatusAnswer['queues'][keyof StatusAnswer['queues']]];
type Cause = StatusAnswer['causes'][number];

const EVERY_MS = 3000;

const queueNames: Readonly<Record<string, string>> = {
  outbound: 'Messages to send',
  outboundPriority: 'Messages to send first',
  outboundLanes: 'Messages that wait for the turn of their sender',
  outboundDlq: 'Messages that failed, on their way to Failed',
  ci360Events: 'Reports to CI360',
  ci360Replies: 'Replies to CI360',
  ci360EventsDlq: 'Reports that failed, on their way to Failed',
};

const queueColumns = [
  { title: 'Queue', cell: ([name]: Queue) => queueNames[name] ?? name },
  { title: 'Waiting', isNumber: true, cell: ([, depth]: Queue) => <Count of={depth.waiting} /> },
  {
    title: 'In progress or backing off',
    isNumber: true,
    cell: ([, depth]: Queue) => <Count of={depth.inFlight} />,
  },
  { title: 'Delayed', isNumber: true, cell: ([, depth]: Queue) => <Count of={depth.delayed} /> },
];

const causeColumns = [
  { title: 'Count', isNumber: true, cell: ({ count }: Cause) => number(count) },
  { title: 'Provider', cell: ({ provider }: Cause) => provider },
  { title: 'Code', cell: (cause: Cause) => codeWords(cause.code, cause.class) },
  { title: 'Cause', cell: ({ message }: Cause) => message },
];

const waitingWords = ({ count, hasMore }: StatusAnswer['messages']['retrying']): string =>
  `${hasMore ? 'at least ' : ''}${number(count)}`;

const Successes = ({ of }: { of: StatusAnswer['lastSuccess'] }) => (
  <Facts
    of={[
      ['Twilio', <Time key="twilio" at={of.twilio} />],
      ['SCG', <Time key="scg" at={of.scg} />],
      ['CI360', <Time key="ci360" at={of.ci360} />],
    ]}
  />
);

/** What is in progress, and what holds it up. */
export function StatusView() {
  const { api } = useSession();
  const { loaded, refresh } = useLive(
    'status',
    (signal) => api.get<StatusAnswer>('/status', {}, signal),
    { everyMs: EVERY_MS },
  );
  return (
    <>
      <h1>Status</h1>
      <Show of={loaded} onRetry={refresh}>
        {({ queues, messages, causes, lastSuccess, replays }) => (
          <>
            <h2>Messages of this tenant</h2>
            <Facts
              of={[
                ['Waiting for another attempt', waitingWords(messages.retrying)],
                ['In doubt: the provider is asked', waitingWords(messages.inDoubt)],
                [
                  'Oldest of those',
                  messages.inDoubt.oldestTakenOnAt ? (
                    <Time key="at" at={messages.inDoubt.oldestTakenOnAt} />
                  ) : (
                    ''
                  ),
                ],
              ]}
            />
            {causes.length > 0 ? (
              <Table
                caption={`Why, by the ${number(messages.looked)} oldest`}
                columns={causeColumns}
                rows={causes}
                keyOf={(cause) => `${cause.provider} ${cause.code} ${cause.message}`}
              />
            ) : null}
            <h2>Last accepted by</h2>
            <Successes of={lastSuccess} />
            <h2>Queues of all tenants</h2>
            <Table
              caption="How many records are on each queue"
              columns={queueColumns}
              rows={Object.entries(queues)}
              keyOf={([name]) => name}
            />
            <h2>Replays in progress</h2>
            {replays.length === 0 ? (
              <Empty>None.</Empty>
            ) : (
              <Table
                caption="Replays that are not over"
                columns={replayColumns}
                rows={replays}
                keyOf={({ replayId }) => replayId}
              />
            )}
          </>
        )}
      </Show>
    </>
  );
}
