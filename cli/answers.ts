import * as z from 'zod';

/** What the operator's API answers, as far as the command line shows it. */
const counts = z.record(z.string(), z.number());

export const groupsAnswer = z.object({
  groups: z.array(
    z.object({
      provider: z.string(),
      kind: z.string(),
      class: z.string(),
      code: z.string(),
      sender: z.string(),
      taskId: z.string(),
      message: z.string(),
      advice: z.string(),
      replayable: z.string(),
      count: z.number(),
      firstAt: z.string(),
      lastAt: z.string(),
    }),
  ),
  cursor: z.string().optional(),
});
export type Group = z.infer<typeof groupsAnswer>['groups'][number];

export const rowSchema = z.object({
  guid: z.string(),
  tenantId: z.string(),
  kind: z.string(),
  status: z.string(),
  provider: z.string(),
  channel: z.string(),
  to: z.string(),
  sender: z.string(),
  taskId: z.string(),
  class: z.string(),
  code: z.string(),
  message: z.string(),
  advice: z.string(),
  httpStatus: z.number().nullable(),
  attempts: z.number(),
  replays: z.number(),
  replayId: z.string().nullable(),
  generatedAt: z.string(),
  failedAt: z.string(),
  expiresAt: z.string(),
  replayable: z.string(),
});
export type Row = z.infer<typeof rowSchema>;
export const rowsAnswer = z.object({
  items: z.array(rowSchema),
  cursor: z.string().optional(),
});

export const deliveryAnswer = z.looseObject({
  guid: z.string(),
  encoding: z.string().nullish(),
  segments: z.number().nullish(),
  tenantId: z.string(),
  status: z.string(),
  provider: z.string(),
  channel: z.string(),
  taskId: z.string(),
  providerMessageId: z.string().nullable(),
  attempts: z.number(),
  replays: z.number(),
  replayId: z.string().nullable(),
  heldUntil: z.string().nullable(),
  inDoubt: z.object({ from: z.string(), to: z.string() }).nullable(),
  lastError: z
    .looseObject({
      class: z.string(),
      code: z.string(),
      message: z.string(),
      advice: z.string().optional(),
    })
    .nullable(),
  next: z.object({ what: z.string(), at: z.string().nullable() }).nullable(),
  reports: z.array(z.object({ status: z.string(), reported: z.boolean() })),
  sentAt: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type DeliveryAnswer = z.infer<typeof deliveryAnswer>;

export const replayAnswer = z.looseObject({
  replayId: z.string(),
  tenantId: z.string(),
  status: z.string(),
  phase: z.string(),
  asked: z.string().nullable(),
  selection: z.record(z.string(), z.string()),
  options: z.object({ rate: z.number(), canary: z.number(), maxFailureRate: z.number() }),
  requeued: z.number(),
  sent: z.number(),
  failedAgain: z.number(),
  onTheirWay: z.number(),
  skipped: counts,
  reason: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  finishedAt: z.string().nullable(),
});
export type ReplayAnswer = z.infer<typeof replayAnswer>;
export const replaysAnswer = z.object({
  items: z.array(replayAnswer),
  cursor: z.string().optional(),
});

export const storyAnswer = z.object({
  failedRequest: rowSchema,
  delivery: deliveryAnswer.nullable(),
  replay: replayAnswer.nullable(),
});

export type Story = z.infer<typeof storyAnswer>;

export const planAnswer = z.object({
  counts,
  samples: z.record(z.string(), z.array(z.string())),
  selected: z.number(),
  wouldSend: z.number(),
  seconds: z.number(),
  rate: z.number(),
  selection: z.record(z.string(), z.string()),
  cursor: z.string().optional(),
});
export type PlanAnswer = z.infer<typeof planAnswer>;

export const purgeAnswer = z.object({ purged: z.number(), cursor: z.string().optional() });

export const optOutAnswer = z.object({
  tenantId: z.string(),
  address: z.string(),
  optedOut: z.boolean(),
  word: z.object({ status: z.string(), at: z.string(), source: z.string() }).nullable(),
  refusal: z
    .object({ at: z.string(), source: z.string(), countsUntil: z.string().nullable() })
    .nullable(),
  advice: z.string(),
});
export type OptOutAnswer = z.infer<typeof optOutAnswer>;

const depthSchema = z.object({ waiting: z.number(), inFlight: z.number(), delayed: z.number() });
const waitingSchema = z.object({
  count: z.number(),
  hasMore: z.boolean(),
  oldestTakenOnAt: z.string().nullable(),
});
export const statusAnswer = z.object({
  tenantId: z.string(),
  at: z.string(),
  queues: z.object({
    outbound: depthSchema,
    outboundPriority: depthSchema,
    outboundDlq: depthSchema,
    ci360Events: depthSchema,
    ci360Replies: depthSchema,
    ci360EventsDlq: depthSchema,
  }),
  messages: z.object({ retrying: waitingSchema, inDoubt: waitingSchema, looked: z.number() }),
  causes: z.array(
    z.object({
      provider: z.string(),
      class: z.string(),
      code: z.string(),
      message: z.string(),
      count: z.number(),
    }),
  ),
  lastSuccess: z.object({
    twilio: z.string().nullable(),
    scg: z.string().nullable(),
    ci360: z.string().nullable(),
  }),
  replays: z.array(replayAnswer),
});
export type StatusAnswer = z.infer<typeof statusAnswer>;
