import * as z from 'zod';
import { optionsSchema, replayPhases, replayStatuses } from '../../replay/replay.ts';
import { selectionShape } from '../../replay/selection.ts';
import { verdicts } from '../../replay/verdict.ts';
import { count, cursor, time } from './fields.ts';

/** Which failed requests were selected. Times are in UTC. */
const selection = z
  .object({ ...selectionShape, since: time.optional(), until: time.optional() })
  .meta({ id: 'Selection' });

export const replayAnswer = z
  .object({
    replayId: z.string(),
    tenantId: z.string(),
    status: z.enum(replayStatuses),
    phase: z.enum(replayPhases),
    /** What an operator asked for and is not done yet. */
    asked: z.enum(['pause', 'cancel']).nullable(),
    selection,
    options: optionsSchema,
    /** Name of the key that started it. */
    startedBy: z.string(),
    requeued: count,
    sent: count,
    failedAgain: count,
    /** Requeued, and neither sent nor failed again yet. */
    onTheirWay: count,
    /** Left alone, by verdict. */
    skipped: z.partialRecord(z.enum(verdicts), count),
    countedAt: time,
    /** Why it failed or stopped. */
    reason: z.string().nullable(),
    executions: z.number().int().positive(),
    createdAt: time,
    updatedAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Replay' });
export type ReplayAnswer = z.output<typeof replayAnswer>;

export const replaysAnswer = z
  .object({ items: z.array(replayAnswer), cursor })
  .meta({ id: 'Replays' });

/** What a replay would do, without doing it. */
export const planAnswer = z
  .object({
    counts: z.partialRecord(z.enum(verdicts), count),
    /** A few guids of each verdict. */
    samples: z.partialRecord(z.enum(verdicts), z.array(z.string())),
    selected: count,
    wouldSend: count,
    /** How long that takes at the rate. */
    seconds: count,
    /** Messages per second. */
    rate: z.number(),
    /** As it was judged: its window is closed, so that a next page or a start means the same requests. */
    selection,
    /** Present when time was up: ask again with it for the rest. */
    cursor,
  })
  .meta({ id: 'Plan' });
export type PlanAnswer = z.output<typeof planAnswer>;
