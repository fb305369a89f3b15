import { useState } from 'preact/hooks';
import type { DeliveryAnswer } from '../../domain/operator/answers/deliveries.ts';
import type { StoryAnswer } from '../../domain/operator/answers/failed-requests.ts';
import { type Api, Problem, segment } from '../client.ts';
import { TextField } from '../parts/fields.tsx';
import { Badge, Button, Empty, Facts, Show, Time } from '../parts/parts.tsx';
import { hashOf, type Place } from '../router.ts';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { codeWords, replayableWords } from '../words.ts';
import { type Known, storyOf } from './story.ts';

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

async function find(api: Api, guid: string, signal: AbortSignal): Promise<Known> {
  const path = segment(guid);
  const [delivery, failed] = await Promise.all([
    orNull(api.get<DeliveryAnswer>(`/deliveries/${path}`, {}, signal)),
    orNull(api.get<StoryAnswer>(`/failed-requests/${path}`, {}, signal)),
  ]);
  return { delivery, failed };
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

const Failure = ({ of: { failedRequest: row } }: { of: StoryAnswer }) => (
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

function Message({ guid }: { guid: string }) {
  const { api } = useSession();
  const { loaded, refresh } = useLive(guid, (signal) => find(api, guid, signal), {
    everyMs: EVERY_MS,
  });
  return (
    <Show of={loaded} onRetry={refresh}>
      {(known) =>
        known.delivery === null && known.failed === null ? (
          <Empty>
            Nothing is known of {guid}. It may still be in the queue, it may never have been
            accepted, or its record was deleted after the time for which records are kept.
          </Empty>
        ) : (
          <>
            {known.delivery === null ? null : <Delivery of={known.delivery} />}
            {known.failed === null ? null : <Failure of={known.failed} />}
            <h2>What happened</h2>
            <ol class="story">
              {storyOf(known).map(({ at, what }) => (
                <li key={`${at} ${what}`}>
                  {at === null ? null : <Time at={at} />} {what}
                </li>
              ))}
            </ol>
          </>
        )
      }
    </Show>
  );
}

/** Finds a message by its guid, and shows what happened to it. */
export function MessageView({ place }: { place: Place }) {
  const asked = place.query.guid ?? '';
  const [guid, setGuid] = useState(asked);
  return (
    <>
      <h1>Messages</h1>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          location.assign(hashOf('messages', undefined, { guid: guid.trim() }));
        }}
      >
        <TextField
          label="Guid of the event"
          hint="As CI360 posted it."
          value={guid}
          onValue={setGuid}
          isRequired
        />
        <Button submits kind="main">
          Find
        </Button>
      </form>
      {asked === '' ? null : <Message key={asked} guid={asked} />}
    </>
  );
}
