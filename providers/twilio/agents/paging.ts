import * as z from 'zod';

const PAGE_SIZE = 100;
/** Longer lists are not read to their end: an account has a handful of flows. */
export const MAX_PAGES = 20;

export const firstPage = { PageSize: `${PAGE_SIZE}` };

export const metaSchema = z.object({ next_page_url: z.string().nullish() }).loose().nullish();

/** The query of the next page. The rest of the link is ignored: credentials go only to the base URL of the secret. */
export function nextPage(meta: z.infer<typeof metaSchema>): Record<string, string> | undefined {
  const link = meta?.next_page_url;
  return link
    ? Object.fromEntries(new URL(link, 'https://twilio.invalid').searchParams)
    : undefined;
}
