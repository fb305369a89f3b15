import * as z from 'zod';
import { priceTableSchema } from '../../../domain/content/price-table.ts';
import { whole } from '../read-setting.ts';
import { flag, json } from './shapes.ts';

/** What messages may hold, and how their text is coded. */
export const contentShape = {
  /**
   * What is done to an SMS that GSM-7 cannot hold: `keep` sends it as written, `smart` replaces typographic
   * characters where that makes it GSM-7, `gsm7` replaces accents too and refuses what is left.
   */
  encoding: z.enum(['keep', 'smart', 'gsm7']).default('keep'),
  /** Most segments of an SMS; 0 sets no limit. */
  max_segments: whole(0, 100).default(0),
  /**
   * What is done about Velocity directives in a body for SCG: `escape` sends them as text, `author` has SCG
   * carry them out, `refuse` refuses the message.
   */
  scg_directives: z.enum(['escape', 'author', 'refuse']).default('escape'),
  /** Whether a message with `{{…}}` left in it is refused. */
  refuse_unmerged: flag,
  /** Free text on WhatsApp without a template: `check` refuses it outside of the 24-hour window, `trust` sends it. */
  whatsapp_window: z.enum(['check', 'trust']).default('trust'),
  /** Seconds after which the copy of a tenant's templates is brought up to date, by the next message that needs one. */
  template_refresh: whole(60, 86_400).default(900),
  /** What messages cost, for estimates: `{"US":{"SMS":0.0079,"MMS":0.02},"*":{"SMS":0.06}}`, an SMS by the segment. */
  price_table: json.pipe(priceTableSchema),
  /** Currency of `price_table`, as ISO 4217 has it. */
  price_currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is a currency code of three capitals')
    .default('USD'),
} as const;
