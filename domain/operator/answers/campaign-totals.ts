import * as z from 'zod';
import { dimensions } from '../../campaigns/sum-up.ts';
import { controlAnswer } from './campaigns.ts';
import { count, cursor, time } from './fields.ts';

/** How many messages of a campaign are where. `sent` holds all that the provider has, `delivered` also those that were read. */
const totalsAnswer = z
  .object({
    accepted: count.describe(
      'Taken from the queue so far. Those before them in the queue are in no count',
    ),
    waiting: count,
    held: count,
    inDoubt: count.describe('The provider may have them; it is asked before they are sent again'),
    sent: count,
    delivered: count,
    read: count,
    clicked: count,
    undelivered: count,
    canceled: count,
    failed: count,
    expired: count,
    replayed: count.describe('Of those, sent again by an operator'),
    heldBy: z.record(z.string(), count).describe('Held messages by reason'),
    segments: z
      .object({ count, ofMessages: count })
      .describe('Segments of the messages whose segments are known'),
    speed: z
      .object({ measured: count, within10s: count, within60s: count })
      .describe('How many were sent so soon after they were accepted, without replayed ones'),
  })
  .meta({ id: 'Totals' });

const errorAnswer = z
  .object({
    provider: z.string(),
    outcome: z.string(),
    class: z.string(),
    code: z.string(),
    meaning: z
      .string()
      .describe("What the code means and what can be done, from the provider's error table"),
    advice: z.string(),
    count,
  })
  .meta({ id: 'CountedError' });

const facts = {
  tenantId: z.string(),
  taskId: z.string(),
  externalCode: z.string(),
  startedAt: time.nullable().describe('When its first message was accepted; null where none was'),
  control: controlAnswer,
  updatedAt: time.nullable().describe('Of the latest change of its totals'),
  totals: totalsAnswer,
};

export const campaignTotalsAnswer = z
  .object({
    ...facts,
    releasing: z.boolean().describe('Whether held messages are being put back on the queue'),
    by: z.enum(dimensions).nullable(),
    /** By day, hour, country or sender; empty where nothing was asked for, or errors. */
    rows: z.array(z.object({ name: z.string(), totals: totalsAnswer })),
    /** The most frequent causes, or with by=error all of them. */
    errors: z.array(errorAnswer),
  })
  .meta({ id: 'CampaignTotals' });
export type CampaignTotalsAnswer = z.output<typeof campaignTotalsAnswer>;

export const listedTotalsAnswer = z
  .object({
    items: z.array(z.object(facts).meta({ id: 'ListedTotals' })),
    /** What is held or stopped now, by the name that an operator gave; `*` for all of the tenant. */
    controls: z.array(controlAnswer.extend({ taskId: z.string() }).meta({ id: 'NamedControl' })),
    cursor,
  })
  .meta({ id: 'CampaignsTotals' });
export type ListedTotalsAnswer = z.output<typeof listedTotalsAnswer>;
