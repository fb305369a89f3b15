import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import { type LegacySettings, legacySettings } from '../../../domain/agents/settings.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import type { AgentApi, AgentApiCall } from './api.ts';

export const PAGE_SIZE = 100;
/** A list is read no further than this: an account has a handful of flows. */
export const MAX_PAGES = 20;

export const metaSchema = z.object({ next_page_url: z.string().nullish() }).loose().nullish();
export const resourceSchema = z.object({ sid: z.string() }).catchall(z.unknown());

/** The query of the next page. Only that is taken of the link: credentials stay with the base of the secret. */
export function nextPage(meta: z.infer<typeof metaSchema>): Record<string, string> | undefined {
  const link = meta?.next_page_url;
  return link
    ? Object.fromEntries(new URL(link, 'https://twilio.invalid').searchParams)
    : undefined;
}

export const notFound = (answer: Answered<unknown>): boolean =>
  answer.kind === 'refused' && answer.status === 404;

/** What is gone need not be ended. */
export function ended(answer: Answered<unknown>): Answered<null> {
  return answer.kind === 'done' || notFound(answer) ? done(null) : answer;
}

/** Makes one call with the tenant's own base URLs; `where` builds it from them. */
export type LegacyCall = <T>(
  secret: TenantSecret,
  where: (settings: LegacySettings) => AgentApiCall,
  schema: z.ZodType<T>,
  signal: AbortSignal,
) => Promise<Answered<T>>;

export const legacyCall =
  (api: AgentApi): LegacyCall =>
  async (secret, where, schema, signal) => {
    const read = legacySettings(secret);
    if (!read.ok) return { kind: 'refused', status: 500, code: 'secret-incomplete' };
    return api(secret, where(read.settings), schema, signal);
  };
