import * as z from 'zod';
import { channels } from '../outbound/channel.ts';

/**
 * What messages cost, `price_table`: by country (ISO 3166-1, `*` for all others), then by channel. An SMS
 * is priced by the segment, other messages whole. `{"US":{"SMS":0.0079,"MMS":0.02},"*":{"SMS":0.06}}`
 */
export const priceTableSchema = z.record(
  z.string().regex(/^([A-Z]{2}|\*)$/, 'is not a country code in capitals, or *'),
  z.partialRecord(z.enum(channels), z.number().nonnegative()),
);
export type PriceTable = z.infer<typeof priceTableSchema>;
