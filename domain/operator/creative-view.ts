import type { CreativeCheck } from '../content/check.ts';
import { judgeTemplate, templatesNamed } from '../content/templates/judge.ts';
import { type Catalogue, render } from '../content/templates/template.ts';
import type { Issue } from '../http.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { RulesOfProviders } from '../outbound/provider-rules.ts';
import type { ProviderId } from '../provider-id.ts';
import type { CreativeCheckAnswer } from './answers/creatives.ts';

function senderSource(request: MessageRequest, providers: RulesOfProviders): string {
  const { standard, byCountry } = providers[request.provider].senders.settings;
  switch (request.fromSource) {
    case 'creative':
      return 'FROM';
    case 'demo':
      return byCountry ?? standard;
    case 'default':
      return standard;
  }
}

/** `+120255501..`: the author recognises it, and a screenshot gives nobody away. */
const shortened = (address: string): string => `${address.slice(0, -2)}..`;

/** The template that a message names, as far as the copy of the catalogue knows it, and what is wrong with it. */
function templateView(
  request: MessageRequest | undefined,
  catalogue: Catalogue,
): { readonly template: CreativeCheckAnswer['template']; readonly errors: readonly Issue[] } {
  const wanted = request?.template;
  if (request === undefined || wanted === undefined) return { template: null, errors: [] };
  const judged = judgeTemplate(wanted, request.channel, catalogue);
  const errors =
    judged.kind === 'refused'
      ? [{ field: 'TEMPLATE', issue: `cannot be sent: ${judged.failure.message}` }]
      : [];
  const [found] = templatesNamed(wanted, catalogue);
  if (found === undefined) return { template: null, errors };
  const { sid, name, language, category = null, status, text } = found;
  const given = found.variables.filter((one) => Object.hasOwn(wanted.variables, one)).length;
  return {
    template: {
      sid,
      name,
      language,
      category,
      status,
      preview: text === undefined ? null : render(text, wanted.variables),
      variables: { given, needed: found.variables.length },
    },
    errors,
  };
}

/** A check as it is answered. */
export function viewOfCheck(
  check: CreativeCheck,
  of: {
    readonly tenantId: string;
    readonly provider: ProviderId;
    readonly currency: string;
    readonly providers: RulesOfProviders;
    readonly catalogue: Catalogue;
  },
): CreativeCheckAnswer {
  const { tenantId, provider, currency } = of;
  const { first, price } = check;
  const request = first?.request;
  const { template, errors } = templateView(request, of.catalogue);
  return {
    tenantId,
    provider,
    ok: check.errors.length + errors.length === 0,
    messages: check.messages,
    channel: first ? { value: first.request.channel, source: first.channelSource } : null,
    to: request ? { value: shortened(request.to), source: 'TO' } : null,
    from: request ? { value: request.from, source: senderSource(request, of.providers) } : null,
    body: request?.body ?? null,
    mediaUrls: request?.mediaUrls ?? [],
    template,
    segments: check.segments ?? null,
    encoding: check.encoding ?? null,
    offendingCharacters: [...check.offending],
    estimate: price ? { ...price, currency } : null,
    errors: [...check.errors, ...errors],
    warnings: [...check.warnings],
  };
}
