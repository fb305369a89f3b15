import * as z from 'zod';
import type { TemplateSource, TemplatesAnswer } from '../../domain/content/templates/ports.ts';
import {
  approvalStatuses,
  placeholdersOf,
  type Template,
} from '../../domain/content/templates/template.ts';
import { describe } from '../../domain/delivery/error-table.ts';
import { parseJson } from '../../domain/json.ts';
import type { ProviderDeps } from '../../domain/provider.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { secretIncomplete, type Verdict } from '../verdict.ts';
import { twilioAccount } from './account.ts';
import { twilioVerdict } from './answer.ts';

const approvalSchema = z.object({
  category: z.string().nullish(),
  status: z.enum(approvalStatuses).catch('unsubmitted'),
  rejection_reason: z.string().nullish(),
});
/** An approval, or approvals by channel; a content that was never submitted has none. */
const approvalsSchema = z.union([
  z.object({ whatsapp: approvalSchema }).transform(({ whatsapp }) => whatsapp),
  approvalSchema.extend({ status: z.enum(approvalStatuses) }),
]);

/** https://www.twilio.com/docs/content/content-api-resources */
const contentSchema = z.object({
  sid: z.string().min(1),
  friendly_name: z.string().nullish(),
  language: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  types: z.record(z.string(), z.unknown()),
  approval_requests: z.unknown(),
});
const pageSchema = z.object({
  contents: z.array(contentSchema),
  meta: z.object({ next_page_url: z.string().nullish() }).optional(),
});

const PAGE_SIZE = 500;
/** 10,000 templates: an account has fewer. */
const MAX_PAGES = 20;
const textSchema = z.object({ body: z.string() });

function toTemplate(content: z.infer<typeof contentSchema>): Template {
  const [type = 'unknown', of] = Object.entries(content.types)[0] ?? [];
  const text = textSchema.safeParse(of).data?.body;
  const approval = approvalsSchema.safeParse(content.approval_requests).data;
  const placeholders = placeholdersOf(JSON.stringify(content.types));
  const variables = new Set([...Object.keys(content.variables ?? {}), ...placeholders]);
  return {
    sid: content.sid,
    name: content.friendly_name ?? content.sid,
    language: content.language ?? '',
    type,
    ...(text === undefined ? {} : { text }),
    variables: [...variables].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    ...(approval?.category ? { category: approval.category } : {}),
    status: approval?.status ?? 'unsubmitted',
    ...(approval?.rejection_reason ? { reason: approval.rejection_reason } : {}),
  };
}

/**
 * The host of the Content API. A `twilio_api_url` that leads elsewhere than to Twilio, such as to a
 * simulator, serves it as well: nothing of such a tenant leaves for Twilio.
 */
function contentBase({ twilio_content_api_url: own, twilio_api_url: api }: TenantSecret): string {
  if (own) return own;
  const isTwilio = api === undefined || new URL(api).hostname.endsWith('twilio.com');
  return isTwilio ? 'https://content.twilio.com' : api;
}

/** The first page, or the one that a link names: of a link only what it asks for is taken, never its host. */
function pageUrl(base: string, next: string | undefined): URL {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v2/ContentAndApprovals`;
  url.search = next === undefined ? `?PageSize=${PAGE_SIZE}` : new URL(next, url).search;
  return url;
}

const unreadable: Verdict = {
  code: 'templates-unreadable',
  row: {
    class: 'unknown',
    meaning: 'Twilio’s list of templates could not be read.',
    advice: 'Check twilio_content_api_url in the tenant’s secret.',
  },
};

/** A look at the list changes nothing, so whatever is not the set-up's fault passes. */
function unavailable(verdict: Verdict): TemplatesAnswer {
  const failure = describe(verdict.row, verdict.code, verdict.httpStatus);
  const { authentication } = verdict;
  return {
    kind: 'unavailable',
    failure:
      failure.class === 'config'
        ? failure
        : {
            ...failure,
            class: 'transient',
            code: 'templates-unavailable',
            message: 'Twilio could not be asked for the template.',
          },
    ...(authentication ? { authentication } : {}),
  };
}

/** Lists all templates of an account with their approvals, page by page. */
export const twilioTemplates =
  ({ http, clock }: ProviderDeps): TemplateSource =>
  async (secret, signal) => {
    const account = twilioAccount(secret);
    if ('missing' in account) return unavailable(secretIncomplete(account.missing));
    const { authorization } = account;
    const templates: Template[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const url = pageUrl(contentBase(secret), next);
      const exchange = await http({ method: 'GET', url, headers: { authorization } }, signal);
      if (exchange.kind !== 'answer' || exchange.status !== 200) {
        return unavailable(twilioVerdict(exchange, clock()));
      }
      const list = pageSchema.safeParse(parseJson(exchange.body)).data;
      if (list === undefined) return unavailable(unreadable);
      templates.push(...list.contents.map(toTemplate));
      next = list.meta?.next_page_url ?? undefined;
      if (next === undefined) return { kind: 'templates', templates };
    }
    return unavailable(unreadable);
  };
