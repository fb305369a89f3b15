import * as z from 'zod';

/** Lambda limits all variables of a function to 4 KB. */
export const text = z.string().max(256, 'is longer than 256 characters');

/** `true` or `false`, in any case. */
export const flag = z
  .string()
  .default('false')
  .transform((value) => value.toLowerCase())
  .pipe(z.enum(['true', 'false'], 'is true or false'))
  .transform((value) => value === 'true');

/** Values with commas between. */
export const list = z
  .string()
  .default('')
  .transform((listed) => listed.split(',').map((value) => value.trim()))
  .transform((values) => values.filter((value) => value !== ''));

/** A JSON object in a variable. */
export const json = z
  .string()
  .default('{}')
  .transform((raw, context) => {
    try {
      return JSON.parse(raw) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  });

/** A JSON object of values of one kind, such as `{"1":"+1555…"}`. */
export const jsonMap = <T extends z.ZodType>(value: T) => json.pipe(z.record(z.string(), value));

/** A slash at its end is taken off. */
export const baseUrl = z
  .url({ protocol: /^https?$/ })
  // Twilio takes callback URLs of at most 4,000 characters, and ours carry the message's reference.
  .max(1024, 'is longer than 1,024 characters')
  .transform((url) => url.replace(/\/+$/, ''));

const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/**
 * Whether it is the ISO code of a country. Asks the runtime: a library of numbers would be loaded by every
 * function at its cold start.
 */
export const isCountry = (code: string): boolean =>
  /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined;
