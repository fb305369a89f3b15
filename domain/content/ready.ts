import type { Clock } from '../clock.ts';
import type { Failure } from '../failure.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { TemplateCatalogue } from './templates/catalogue.ts';
import type { ContentFailure } from './templates/judge.ts';
import { render, type Template } from './templates/template.ts';
import { isOpen, pairOf, type WindowPolicy, type Windows } from './window.ts';

/** What can be sent of a request now. */
export type Ready =
  | { readonly kind: 'ready'; readonly request: MessageRequest }
  | {
      readonly kind: 'refused';
      readonly failure: ContentFailure;
      readonly authentication?: boolean;
    }
  | { readonly kind: 'wait'; readonly failure: Failure; readonly seconds: number };

export type ContentDeps = {
  readonly catalogue: TemplateCatalogue;
  readonly windows: Pick<Windows, 'lastWroteAt'>;
  /** `whatsapp_window` */
  readonly windowPolicy: WindowPolicy;
  readonly clock: Clock;
};

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

/** Whether free text reaches the person; undefined where nobody can say, or where nothing depends on it. */
async function isWindowOpen(
  request: MessageRequest,
  { windows, windowPolicy, clock }: ContentDeps,
): Promise<boolean | undefined> {
  const { channel, template, body, mediaUrls, answers } = request;
  const hasFreeForm = body !== '' || mediaUrls.length > 0;
  const matters = template === undefined ? windowPolicy === 'check' : hasFreeForm;
  const pair = pairOf(request);
  // An answer follows the person's own message.
  if (channel !== 'WHATSAPP' || !matters || answers !== undefined || pair === undefined) {
    return undefined;
  }
  return isOpen(await windows.lastWroteAt(pair), clock());
}

/**
 * The request as it is sent. On WhatsApp that is its text while the person's window is open, else its
 * template, which is judged by the catalogue first.
 */
export async function readyToSend(
  request: MessageRequest,
  secret: TenantSecret,
  signal: AbortSignal,
  deps: ContentDeps,
): Promise<Ready> {
  const { catalogue } = deps;
  const { template, ...freeForm } = request;
  const isOpenNow = await isWindowOpen(request, deps);
  if (template === undefined) {
    return isOpenNow === false
      ? { kind: 'refused', failure: windowClosed }
      : { kind: 'ready', request };
  }
  if (isOpenNow === true) return { kind: 'ready', request: freeForm };
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
  { catalogue }: Pick<ContentDeps, 'catalogue'>,
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

const windowClosed: ContentFailure = {
  class: 'permanent',
  code: 'window-closed',
  message: 'The person has not written to this WhatsApp sender in the last 24 hours.',
  advice: 'Give the creative a TEMPLATE: WhatsApp takes nothing else from now on.',
};
