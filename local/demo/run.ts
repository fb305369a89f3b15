import { setTimeout as wait } from 'node:timers/promises';
import { localKeys } from '../secrets.ts';
import type { Stack } from '../stack.ts';
import { type Books, balance } from './books.ts';
import type { CampaignEvent } from './campaign.ts';
import { messagesAtProviders, outcomeReader, type Recorded } from './outcomes.ts';
import { type Answer, postAll } from './post.ts';
import { type Heard, heardOf, untilHeard } from './reported-events.ts';

/** How far a campaign is. */
export type Progress = { readonly posted: number; readonly settled: number };

/** How far CI360's hearing of a campaign is, once everything was sent. */
export type Waiting = {
  /** External events so far. */
  readonly heard: number;
  /** Reports that wait their turn; 0 as long as the providers have not said everything. */
  readonly queued: number;
  /** Since the last outcome. */
  readonly seconds: number;
};

export type CampaignResult = Books & {
  /** From the first event to the last outcome: sending alone. */
  readonly seconds: number;
  /** From the first event until CI360 had heard everything. */
  readonly secondsUntilHeard?: number;
  /** What CI360 heard of it; absent where nobody listened. */
  readonly heard?: Heard;
};

/** Events asked about at a time while waiting. */
const WINDOW = 200;
const POLL_MS = 200;
const WATCH_MS = 1000;
/** A campaign that has not moved for so long has lost what is still open. */
const PATIENCE_MS = 90_000;

/**
 * Posts a campaign and waits until every accepted event has its outcome. What is counted is seen from
 * outside: the answers, the tables, and what the simulated providers received.
 */
export async function runCampaign(
  stack: Stack & { readonly connectorKey?: string },
  tenantId: string,
  events: readonly CampaignEvent[],
  onProgress: (progress: Progress) => void = () => {},
  onWaiting: (waiting: Waiting) => void = () => {},
): Promise<CampaignResult> {
  const started = performance.now();
  const startedAt = Date.now();
  const reader = outcomeReader(stack);
  const answers = new Map<string, Answer>();
  const outcomes = new Map<string, Recorded>();
  let open: string[] = [];
  let settled = 0;
  let movedAt = performance.now();
  const progress = () => {
    movedAt = performance.now();
    onProgress({ posted: answers.size, settled });
  };

  let posting = true;
  const posted = postAll(
    stack.url,
    stack.connectorKey ?? localKeys.connector,
    events,
    ({ guid }, answer) => {
      answers.set(guid, answer);
      if (answer === 'accepted') open.push(guid);
      else settled += 1;
      progress();
    },
  ).finally(() => {
    posting = false;
  });

  try {
    while (posting || (open.length > 0 && performance.now() - movedAt < PATIENCE_MS)) {
      const asked = open.slice(0, WINDOW);
      const before = settled;
      for (const [guid, outcome] of await reader.read(tenantId, asked)) {
        outcomes.set(guid, outcome);
        if (outcome.kind !== 'open') settled += 1;
      }
      const isOpen = (guid: string) => outcomes.get(guid)?.kind === 'open';
      // Those still open go to the end, so that each gets its turn.
      open = [...open.slice(asked.length), ...asked.filter(isOpen)];
      if (settled > before) progress();
      else await wait(POLL_MS);
    }
    await posted;
  } finally {
    reader.close();
  }
  const seconds = secondsSince(started);

  await untilHeardWatched(stack, startedAt, onWaiting);
  const secondsUntilHeard = secondsSince(started);
  const counts = messagesAtProviders(stack);
  const observed = events.map(({ guid }) => ({
    answer: answers.get(guid) ?? 'failed',
    recorded: outcomes.get(guid),
    atProvider: counts.get(`${tenantId}#${guid}`) ?? 0,
  }));
  const heard = heardOf(stack, new Set(events.map(({ guid }) => guid)), startedAt);
  return { ...balance(observed), heard, seconds, secondsUntilHeard };
}

/** `untilHeard`, with word of how far it is once a second. */
async function untilHeardWatched(
  stack: Stack,
  startedAt: number,
  onWaiting: (waiting: Waiting) => void,
): Promise<void> {
  const since = performance.now();
  let queued = 0;
  const heard = () => stack.simulators.ci360.events().filter(({ at }) => at >= startedAt).length;
  const tell = () => onWaiting({ heard: heard(), queued, seconds: secondsSince(since) });
  tell();
  const timer = setInterval(tell, WATCH_MS);
  await untilHeard(stack, (depth) => {
    queued = depth;
  }).finally(() => clearInterval(timer));
}

const secondsSince = (start: number) => Math.round((performance.now() - start) / 100) / 10;
