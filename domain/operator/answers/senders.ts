import * as z from 'zod';
import { units } from '../../senders/rates.ts';
import { senderKinds } from '../../senders/sender.ts';
import { count, time } from './fields.ts';

const perSecond = z.number().nonnegative();

/** The senders of a tenant that were held to a rate within two days. */
export const sendersAnswer = z
  .object({
    tenantId: z.string(),
    at: time,
    senders: z.array(
      z.object({
        sender: z.string().describe('`*` is the whole account at the provider'),
        provider: z.string(),
        kind: z.enum(senderKinds),
        unit: z.enum(units),
        limit: perSecond.nullable().describe('Units per second by sender_rates'),
        dailyCap: count.nullable(),
        sentToday: count.nullable().describe('Units counted against the daily cap'),
        rate: perSecond.nullable().describe('Units per second now; null while nothing limits it'),
        backlog: count.describe(
          'Units that have a turn within a quarter of an hour; more may wait',
        ),
        backlogUntil: time.nullable().describe('When those are sent'),
        throttledLastMinute: count,
        throttledAt: time.nullable(),
      }),
    ),
  })
  .meta({ id: 'Senders' });
export type SendersAnswer = z.output<typeof sendersAnswer>;
