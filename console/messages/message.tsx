import type { DeliveryAnswer } from '../../domain/operator/answers/deliveries.ts';
import type {
  FailedRequestAnswer,
  StoryAnswer,
} from '../../domain/operator/answers/failed-requests.ts';
import type { MessageStoryAnswer } from '../../domain/operator/answers/messages.ts';
import { type Api, Problem, segment } from '../client.ts';
import { Badge, Empty, Facts, Show, Time } from '../parts/parts.tsx';
import { hashOf } from '../router.ts';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { codeWords, replayableWords } from '../words.ts';

/** All that is known of one message: either may be missing. */
type Known = {
  readonly message: DeliveryAnswer | null;
  readonly failedRequest: FailedRequestAnswer | null;
  readonly story: MessageStoryAnswer['story'];
};

const EVERY_MS = 3000;

/** What is asked for, or null where the service has no such thing. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/** What could not be read as a message, and reports to CI360, are failed requests without a delivery. */
async function knownOf(api: Api, guid: string, signal: AbortSignal): Promise<Known> {
  const path = segment(guid);
  const found = await orNull(api.get<MessageStoryAnswer>(`/messages/${path}`, {}, signal));
  if (found !== null) return found;
  const failed = await orNull(api.get<StoryAnswer>(`/failed-requests/${path}`, {}, signal));
  return { message: null, failedRequest: failed?.failedRequest ?? null, story: [] };
}

const Delivery = ({ of: delivery }: { of: DeliveryAnswer }) => (
  <Facts
    of={[
      ['Status', <Badge key="status" status={delivery.status} />],
      ['Next', delivery.next?.what],
      ['At the earliest', delivery.next?.at ? <Time key="at" at={delivery.next.at} /> : ''],
      ['Provider', `${delivery.provider}, ${delivery.channel}`],
      ['Provider’s id', delivery.providerMessageId],
      [
        'Campaign',
        delivery.taskId && (
          <a key="task" href={hashOf('campaigns', delivery.taskId)}>
            {delivery.taskId}
          </a>
        ),
      ],
      ['Posted with the key', delivery.caller],
      ['Attempts', delivery.attempts],
      ['Replays', delivery.replays || ''],
      ['Segments', delivery.segments && `${delivery.segments} (${delivery.encoding ?? ''})`],
      [
        'Last error',
        delivery.lastError &&
          `${codeWords(delivery.lastError.code, delivery.lastError.class)}: ${delivery.lastError.message}`,
      ],
      [
        'Reports to CI360',
        delivery.reports
          .map(({ status, reported }) => `${status}${reported ? '' : ' (not yet)'}`)
          .join(', '),
      ],
    ]}
  />
);

const Failure = ({ of: row }: { of: FailedRequestAnswer }) => (
  <Facts
    of={[
      ['Failed request', <Badge key="status" status={row.status} />],
      ['Cause', `${codeWords(row.code, row.class)}: ${row.message}`],
      ['What to do', row.advice],
      ['Replay helps', row.status === 'failed' ? replayableWords(row.replayable) : ''],
      ['To', row.to],
      ['From', row.sender],
      ['Kept until', <Time key="at" at={row.expiresAt} />],
    ]}
  />
);

const Story = ({ of: story }: { of: Known['story'] }) =>
  story.length === 0 ? null : (
    <>
      <h2>What happened</h2>
      <ol class="story">
        {story.map(({ at, what, detail }) => (
          <li key={`${at} ${what} ${detail}`}>
            <Time at={at} /> {what}
            {detail === '' ? null : <small> {detail}</small>}
          </li>
        ))}
      </ol>
    </>
  );

/** One message: how it is, what happens next, and what happened. */
export function Message({ guid }: { guid: string }) {
  const { api } = useSession();
  const { loaded, refresh } = useLive(guid, (signal) => knownOf(api, guid, signal), {
    everyMs: EVERY_MS,
  });
  return (
    <Show of={loaded} onRetry={refresh}>
      {({ message, failedRequest, story }) =>
        message === null && failedRequest === null ? (
          <Empty>
            Nothing is known of {guid}. It may still be in the queue, it may never have been
            accepted, or its record was deleted after the time for which records are kept.
          </Empty>
        ) : (
          <>
            {message === null ? null : <Delivery of={message} />}
            {failedRequest === null ? null : <Failure of={failedRequest} />}
            <Story of={story} />
          </>
        )
      }
    </Show>
  );
}
