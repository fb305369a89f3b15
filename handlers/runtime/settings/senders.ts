import * as z from 'zod';
import { rateNameIssue, senderRateSchema } from '../../../domain/senders/rates.ts';
import { jsonMap, text } from './shapes.ts';

/** Who messages come from, and how numbers are read. */
export const sendersShape = {
  /** Sender for Twilio when the creative names none: E.164, short code, alphanumeric, or MG… */
  default_sender: text.optional(),
  /** Sender for SCG when the creative names none: `sender_id:…` or `channel:…`. */
  scg_default_sender: text.optional(),
  /** Sender by country prefix, the longest one wins: `{"1":"+1555…","44":"channel:…"}`. */
  scg_demo_senders: jsonMap(z.string().min(1)),
  /**
   * What senders may send, by sender or kind of sender: `{"12345":100,"toll-free":"default"}`. Others are not
   * held back until a provider throttles them.
   */
  sender_rates: jsonMap(senderRateSchema).superRefine((rates, context) => {
    for (const name of Object.keys(rates)) {
      const issue = rateNameIssue(name);
      if (issue) context.addIssue({ code: 'custom', message: issue, path: [name] });
    }
  }),
  /** ISO 3166-1 alpha-2 country of numbers written without one, e.g. `US`. Without it such numbers are refused. */
  default_country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is a two-letter country code in capitals')
    .optional(),
  /**
   * How numbers without a `+` are read: `national`, as numbers of `default_country`; `international`,
   * with their country code first. Not set: as national ones, and refused where they could be both.
   */
  numbers_without_plus: z.enum(['national', 'international']).optional(),
} as const;
