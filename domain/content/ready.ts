import type { Failure } from '../failure.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { TemplateCatalogue } from './templates/catalogue.ts';
import type { ContentFailure } from './templates/judge.ts';
import { render, type Template } from './templates/template.ts';

/** What can be sent of a request now. */
export type Ready =
  | { readonly kind: 'ready'; readonly request: MessageRequest }
  | {
      readonly kind: 'refused';
      readonly failure: ContentFailure;
      readonly authentication?: boolean;
    }
  | { readonly kind: 'wait'; readonly failure: Failure; readonly seconds: number };

export type ContentDeps = { readonly catalogue: TemplateCatalogue };

/** The request with the template's own id, and with its text where the template has one. */
function named(request: MessageRequest, { sid, text }: Template): MessageRequest {
  if (request.template === undefined) return request;
  const { variables } = request.template;
  const template = {
    ...request.template,
    template: sid,
    ...(text === undefined ? {} : { text: render(text, variables) }),
  };
  return { ...request, template };
}

/** A request whose template is sent takes nothing of its text and media along. */
const asTemplate = (request: MessageRequest): MessageRequest => ({
  ...request,
  body: '',
  mediaUrls: [],
});

/** The request as it is sent: a template is judged by the catalogue first. */
export async function readyToSend(
  request: MessageRequest,
  secret: TenantSecret,
  signal: AbortSignal,
  { catalogue }: ContentDeps,
): Promise<Ready> {
  const { template } = request;
  if (template === undefined) return { kind: 'ready', request };
  const ruling = await catalogue.judge({ ...request, template }, { secret, signal });
  if (ruling.kind !== 'fits') return ruling;
  return { kind: 'ready', request: asTemplate(named(request, ruling.template)) };
}

/**
 * The request as a look-up compares it, with all that the copy of the catalogue says of its template: the
 * text that the person was sent. Nothing is refused here.
 */
export async function readyToLookUp(
  request: MessageRequest,
  { catalogue }: ContentDeps,
): Promise<MessageRequest> {
  const { template } = request;
  if (template === undefined) return request;
  const { templates } = await catalogue.cached(request.tenantId);
  const isMeant = ({ sid, name, language }: Template) =>
    (sid === template.template || name === template.template) &&
    (template.language === undefined || language === template.language);
  const [only, ...others] = templates.filter(isMeant);
  return only !== undefined && others.length === 0 ? named(request, only) : request;
}
