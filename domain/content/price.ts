import type { Channel } from '../outbound/channel.ts';
import { countryOf } from '../outbound/country.ts';
import type { PriceTable } from './price-table.ts';

type Priced = { readonly channel: Channel; readonly to: string };

/** The price of one segment of an SMS, or of one other message; undefined where the table has none. */
function unitPrice({ channel, to }: Priced, table: PriceTable): number | undefined {
  const country = countryOf(to);
  const row = country === undefined ? undefined : table[country];
  return row?.[channel] ?? table['*']?.[channel];
}

/** What one message costs, as far as the table says. */
export function estimate(message: Priced, segments: number, table: PriceTable): number | undefined {
  const price = unitPrice(message, table);
  if (price === undefined) return undefined;
  const units = message.channel === 'SMS' ? segments : 1;
  // Sums of decimal fractions: a table has at most six digits after the point.
  return Number((price * units).toFixed(6));
}
