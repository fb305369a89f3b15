import * as z from 'zod';
import {
  failedRequestKinds,
  failedRequestStatuses,
  type ListedRequest,
} from '../failed-requests/failed-request.ts';
import { failureClasses } from '../failure.ts';
import { providerIdSchema } from '../provider-id.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';

const word = z.string().min(1).max(200);
const moment = z.iso
  .datetime({ offset: true, error: 'is not a time in ISO 8601, such as 2026-03-02T09:00:00Z' })
  .transform((text) => new Date(text).toISOString());

/** Which failed requests are meant: all that match every field given. */
export const selectionShape = {
  tenantId: tenantIdSchema,
  kind: z.enum(failedRequestKinds).optional(),
  provider: providerIdSchema.optional(),
  class: z.enum(failureClasses).optional(),
  /** A provider's error code or one of ours. */
  code: word.optional(),
  taskId: word.optional(),
  sender: word.optional(),
  /** The replay that took it last. */
  replayId: word.optional(),
  /** Window over the time of failure, both ends included; stored in UTC with milliseconds. */
  since: moment.optional(),
  until: moment.optional(),
};

const windowInOrder = ({ since, until }: { since?: string; until?: string }) =>
  since === undefined || until === undefined || since < until;

export const selectionSchema = z
  .strictObject(selectionShape)
  .refine((selection) => windowInOrder(asWindow(selection)), {
    path: ['until'],
    error: 'ends before it begins: until must be later than since',
  });
export type Selection = z.infer<typeof selectionSchema>;

const asWindow = (s: { since?: string | undefined; until?: string | undefined }) => ({
  ...(s.since === undefined ? {} : { since: s.since }),
  ...(s.until === undefined ? {} : { until: s.until }),
});

export const statusSchema = z.enum(failedRequestStatuses);

/** The part of a selection that the table's index answers; `matches` does the rest. */
export const queryOf = (
  selection: Selection,
  status: z.infer<typeof statusSchema>,
  order: 'oldest-first' | 'newest-first',
) => ({ tenantId: selection.tenantId, status, order, ...asWindow(selection) });

/** Whether a failed request is meant by the fields that the index does not know. */
export function matches(selection: Selection, row: ListedRequest): boolean {
  const wanted: readonly (readonly [string | undefined, string | undefined])[] = [
    [selection.kind, row.kind],
    [selection.provider, row.provider],
    [selection.class, row.errorClass],
    [selection.code, row.errorCode],
    [selection.taskId, row.taskId],
    [selection.sender, row.sender],
    [selection.replayId, row.replayId],
  ];
  return wanted.every(([want, has]) => want === undefined || want === has);
}
