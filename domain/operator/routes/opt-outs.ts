import * as z from 'zod';
import { channels } from '../../outbound/channel.ts';
import {
  optOutHistoryAnswer,
  optOutImportAnswer,
  optOutListAnswer,
  optOutState,
} from '../answers/opt-out-register.ts';
import { optOutAnswer } from '../answers/opt-outs.ts';
import { cursorField, limitField, tenantField } from '../fields.ts';
import { addOptOut, importOptOuts, listOptOuts, optOutHistory } from '../opt-out-register.ts';
import { liftOptOut, showOptOut } from '../opt-outs.ts';
import { ok, type Route, route } from '../route.ts';

const personFields = {
  tenantId: tenantField,
  address: z.string().trim().min(1).max(256),
  /** Whose address it is; needed only where the address does not say and is no number. */
  channel: z.enum(channels).optional(),
};

// The number is in the body, because the addresses of requests are logged on their way.
const show = route({
  method: 'POST',
  path: '/opt-outs/show',
  role: 'viewer',
  summary: 'Shows whether and why a person is not written to',
  request: z.object({ body: z.strictObject(personFields) }),
  answers: { 200: optOutAnswer },
  refusals: [404, 422],
  handle: async ({ body }, call) => ok(await showOptOut(body, call)),
});

const lift = route({
  method: 'POST',
  path: '/opt-outs/lift',
  role: 'compliance',
  summary: 'Lets campaigns write to a person again, when the person asked for it',
  request: z.object({
    body: z.strictObject({ ...personFields, confirm: z.string().optional() }),
  }),
  answers: { 200: optOutAnswer },
  refusals: [404, 409, 422],
  handle: async ({ body }, call) => ok(await liftOptOut(body, call)),
});

/** Where a statement came from, in a few words: it becomes part of the statement's source. */
const sourceField = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^#@]*$/, 'has no # and no @');
const noteField = z.string().trim().max(256);
/** ISO 8601 with an offset; read as ms since 1970. */
const atField = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const add = route({
  method: 'POST',
  path: '/opt-outs/add',
  role: 'compliance',
  summary: 'Records that a person opted out or in elsewhere, such as on the phone',
  request: z.object({
    body: z.strictObject({
      ...personFields,
      state: optOutState.default('opted-out'),
      at: atField.optional(),
      source: sourceField,
      note: noteField.optional(),
    }),
  }),
  answers: { 200: optOutAnswer },
  refusals: [404, 422],
  handle: async ({ body }, call) => ok(await addOptOut(body, call)),
});

const MAX_ROWS = 200;

const importRows = route({
  method: 'POST',
  path: '/opt-outs/import',
  role: 'compliance',
  summary: `Records up to ${MAX_ROWS} lines of a list of opt-outs; safe to repeat`,
  request: z.object({
    body: z.strictObject({
      tenantId: tenantField,
      dryRun: z.boolean().default(false),
      rows: z
        .array(
          z.strictObject({
            line: z.int().nonnegative(),
            number: z.string().max(64),
            state: optOutState,
            at: atField,
            source: sourceField.optional(),
            note: noteField.optional(),
          }),
        )
        .min(1)
        .max(MAX_ROWS),
    }),
  }),
  answers: { 200: optOutImportAnswer },
  refusals: [404, 422],
  handle: async ({ body }, call) => ok(await importOptOuts(body, call)),
});

const HISTORY_PAGE = 100;

const history = route({
  method: 'POST',
  path: '/opt-outs/history',
  role: 'compliance',
  summary: 'Lists everything that is recorded of what a person said about being written to',
  request: z.object({
    body: z.strictObject({
      ...personFields,
      limit: limitField.default(HISTORY_PAGE),
      cursor: cursorField,
    }),
  }),
  answers: { 200: optOutHistoryAnswer },
  refusals: [400, 404, 422],
  handle: async ({ body }, call) => ok(await optOutHistory(body, call)),
});

const list = route({
  method: 'GET',
  path: '/opt-outs',
  role: 'compliance',
  summary: 'Exports the register: the statements that count and were made since a time',
  request: z.object({
    query: z.strictObject({
      tenantId: tenantField,
      since: atField.default(0),
      limit: limitField.default(HISTORY_PAGE),
      cursor: cursorField,
    }),
  }),
  answers: { 200: optOutListAnswer },
  refusals: [400, 404, 422],
  handle: async ({ query }, call) => ok(await listOptOuts(query, call)),
});

export const optOutRoutes: readonly Route[] = [show, lift, add, importRows, history, list];
