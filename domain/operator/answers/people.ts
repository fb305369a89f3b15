import * as z from 'zod';
import { storeNames } from '../../people/ports.ts';
import { count, cursor, time } from './fields.ts';

const store = z.enum(storeNames).describe('Where it is stored');

/** A page of everything that is stored about a person, with number and texts in full. */
export const personExportAnswer = z
  .object({
    tenantId: z.string(),
    number: z.string(),
    exportedAt: time,
    items: z.array(
      z.object({ store, data: z.record(z.string(), z.unknown()).describe('As it is stored') }),
    ),
    notSearched: z.array(z.string()).describe('What could not be searched, and why'),
    cursor,
  })
  .meta({ id: 'PersonExport' });
export type PersonExportAnswer = z.output<typeof personExportAnswer>;

/** A page of an erasure. All pages together are its certificate. */
export const personErasureAnswer = z
  .object({
    tenantId: z.string(),
    address: z.string().describe('Masked: the last two digits of the number'),
    erasedAt: time.describe('What was accepted until then is not sent any more'),
    erased: count.describe('Items of this page that were erased'),
    inFlight: count.describe('Items that were left whole, because a worker is at them'),
    stores: z.array(z.object({ store, erased: count, inFlight: count })),
    remains: z.array(
      z.object({
        what: z.string(),
        why: z.string(),
        until: time.nullable().describe('null: until someone removes it there'),
      }),
    ),
    notSearched: z.array(z.string()).describe('What could not be searched, and why'),
    cursor,
  })
  .meta({ id: 'PersonErasure' });
export type PersonErasureAnswer = z.output<typeof personErasureAnswer>;
