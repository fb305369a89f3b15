import * as z from 'zod';
import { failedRequestKinds, failedRequestStatuses } from '../../failed-requests/failed-request.ts';
import { failureClasses } from '../../failure.ts';
import { deliveryAnswer } from './deliveries.ts';
import { count, cursor, time } from './fields.ts';
import { replayAnswer } from './replays.ts';

/**
 * What a replay can do about a class of failure, before each request is judged on its own. `no` is used
 * only where no plan will ever include one.
 */
const replayability = [
  'yes',
  'looked-up-first',
  'with-ignore-ttl',
  /** Once the person has written START: an opt-out is checked again. */
  'if-opted-back-in',
  'with-include-permanent',
  'no',
] as const;
export type Replayable = (typeof replayability)[number];

/** A failed request: no text, and two digits of the recipient's number. */
export const failedRequestAnswer = z
  .object({
    guid: z.string(),
    tenantId: z.string(),
    kind: z.enum(failedRequestKinds),
    status: z.enum(failedRequestStatuses),
    provider: z.string(),
    channel: z.string(),
    to: z.string(),
    sender: z.string(),
    taskId: z.string(),
    class: z.enum(failureClasses),
    code: z.string(),
    message: z.string(),
    advice: z.string(),
    httpStatus: z.number().int().nullable(),
    attempts: count,
    replays: count,
    replayId: z.string().nullable(),
    generatedAt: z.string().describe("CI360's time of the event, as CI360 wrote it"),
    failedAt: time,
    expiresAt: time,
    replayable: z.enum(replayability),
  })
  .meta({ id: 'FailedRequest' });
export type FailedRequestAnswer = z.output<typeof failedRequestAnswer>;

export const failedRequestsAnswer = z
  .object({ items: z.array(failedRequestAnswer), cursor })
  .meta({ id: 'FailedRequests' });

/** Requests that failed for one cause, from one sender, in one task. */
export const groupSchema = z
  .object({
    provider: z.string(),
    kind: z.enum(failedRequestKinds),
    class: z.enum(failureClasses),
    code: z.string(),
    sender: z.string(),
    taskId: z.string(),
    message: z.string(),
    advice: z.string(),
    replayable: z.enum(replayability),
    count,
    firstAt: time,
    lastAt: time,
  })
  .meta({ id: 'FailedRequestGroup' });
export type Group = z.output<typeof groupSchema>;

/** With a cursor the groups are of one page: add up the pages. */
export const groupsAnswer = z
  .object({ groups: z.array(groupSchema), cursor })
  .meta({ id: 'FailedRequestGroups' });

/** A failed request with the delivery behind it and the replay that took it last. */
export const storyAnswer = z
  .object({
    failedRequest: failedRequestAnswer,
    delivery: deliveryAnswer.nullable(),
    replay: replayAnswer.nullable(),
  })
  .meta({ id: 'FailedRequestStory' });
export type StoryAnswer = z.output<typeof storyAnswer>;

export const purgeAnswer = z.object({ purged: count, cursor }).meta({ id: 'Purged' });
