import * as z from 'zod';
import { count, cursor, time } from './fields.ts';

/** What a line of an import, or an operator, states about a person. */
export const optOutState = z.enum(['opted-out', 'opted-in']);

const statement = z.object({
  state: optOutState,
  at: time.describe('When it was said'),
  source: z.string(),
  messageId: z.string().optional(),
  note: z.string().optional(),
  recordedAt: time,
});

/** Everything a person said about being written to, the latest first. */
export const optOutHistoryAnswer = z
  .object({
    tenantId: z.string(),
    address: z.string().describe('Masked: the last two digits of the number'),
    items: z.array(statement),
    cursor,
  })
  .meta({ id: 'OptOutHistory' });
export type OptOutHistoryAnswer = z.output<typeof optOutHistoryAnswer>;

/** A page of the register: each person's latest statement, with the number in full. */
export const optOutListAnswer = z
  .object({
    items: z.array(statement.extend({ number: z.string() })),
    cursor,
  })
  .meta({ id: 'OptOutList' });
export type OptOutListAnswer = z.output<typeof optOutListAnswer>;

/** What an import did, or would do. */
export const optOutImportAnswer = z
  .object({
    recorded: count.describe('Statements that are new'),
    known: count.describe('Statements that were recorded before'),
    refused: z.array(z.object({ line: count, field: z.string(), issue: z.string() })),
  })
  .meta({ id: 'OptOutImport' });
export type OptOutImportAnswer = z.output<typeof optOutImportAnswer>;
