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
    asked: z
      .enum(['pause', 'cancel'])
      .nullable()
      .describe('What an operator asked for and is not done yet'),
    selection,
    options: optionsSchema,
    startedBy: z.string().describe('Name of the key that started it'),
    requeued: count,
    sent: count,
    failedAgain: count,
    onTheirWay: count.describe('Requeued, and neither sent nor failed again yet'),
    skipped: z.partialRecord(z.enum(verdicts), count).describe('Left alone, by verdict'),
    countedAt: time,
    reason: z.string().nullable().describe('Why it failed or stopped'),
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
    samples: z
      .partialRecord(z.enum(verdicts), z.array(z.string()))
      .describe('A few guids of each verdict'),
    selected: count,
    wouldSend: count,
    seconds: count.describe('How long that takes at the rate'),
    rate: z.number().describe('Messages per second'),
    /** As it was judged: its window is closed, so that a next page or a start means the same requests. */
    selection,
    /** Present when time was up: ask again with it for the rest. */
    cursor,
  })
  .meta({ id: 'Plan' });
export type PlanAnswer = z.output<typeof planAnswer>;
