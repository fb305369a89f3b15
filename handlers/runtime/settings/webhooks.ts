import * as z from 'zod';
import { baseUrl } from './shapes.ts';

/** Addresses under which others call the service. */
export const webhooksShape = {
  /** Origins whose pages may call the Flex routes from a browser, with commas between. */
  flex_allowed_origins: z
    .string()
    .max(1024, 'is longer than 1,024 characters')
    .default('https://flex.twilio.com'),
  /** The base URL under which providers reach this service. A slash at its end is taken off. */
  public_url: baseUrl,
  /**
   * Base URLs that `public_url` had before, with commas between, at most 5: callbacks of messages sent
   * then still carry them, and Twilio signs the URL that it was given.
   */
  public_url_previous: z
    .string()
    .default('')
    .transform((listed) => listed.split(',').map((url) => url.trim()))
    .transform((urls) => urls.filter((url) => url !== ''))
    .pipe(z.array(baseUrl).max(5)),
  /** The API's own base URL, which callbacks carry while `public_url` is not set. */
  api_url: baseUrl.optional(),
} as const;
