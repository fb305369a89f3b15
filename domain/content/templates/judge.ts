import type { Failure } from '../../failure.ts';
import type { Channel } from '../../outbound/channel.ts';
import type { MessageRequest } from '../../outbound/message-request.ts';
import { isContentSid } from '../../outbound/template-fields.ts';
import type { Catalogue, Template } from './template.ts';

/** A refusal of our own, before the provider is called. */
export type ContentFailure = Failure & { readonly class: 'permanent' | 'config' };

export type Judged =
  | { readonly kind: 'fits'; readonly template: Template }
  | { readonly kind: 'refused'; readonly failure: ContentFailure };

type Wanted = NonNullable<MessageRequest['template']>;

const config = (code: string, message: string, advice: string): Judged => ({
  kind: 'refused',
  failure: { class: 'config', code, message, advice },
});
const permanent = (code: string, message: string, advice: string): Judged => ({
  kind: 'refused',
  failure: { class: 'permanent', code, message, advice },
});

const listThem = '`npm run cli -- template list` shows all templates.';
const thenReplay = 'then replay.';

/** The templates of this id, or of this name and language. */
export function templatesNamed(
  { template, language }: Wanted,
  { templates }: Catalogue,
): Template[] {
  const named = isContentSid(template)
    ? templates.filter(({ sid }) => sid.toLowerCase() === template.toLowerCase())
    : templates.filter(({ name }) => name === template);
  const plain = (tag: string) => tag.toLowerCase().replace('-', '_');
  return language === undefined
    ? named
    : named.filter((one) => plain(one.language) === plain(language));
}

/** What WhatsApp says of a template that it does not let through. */
function disapproved({ status, reason }: Template): Judged {
  switch (status) {
    case 'rejected':
      return config(
        'template-rejected',
        `WhatsApp rejected the template${reason ? `: ${reason}` : ''}.`,
        `Use another template, or correct this one and submit it again, ${thenReplay}`,
      );
    case 'paused':
      return config(
        'template-paused',
        'WhatsApp has paused the template because of its quality.',
        `Wait until it is active again, or use another template, ${thenReplay}`,
      );
    case 'disabled':
      return config(
        'template-disabled',
        'WhatsApp has disabled the template.',
        `Use another template, ${thenReplay}`,
      );
    default:
      return config(
        'template-not-approved',
        `WhatsApp has not approved the template: it is ${status}.`,
        `Submit it for approval, or wait for it, ${thenReplay}`,
      );
  }
}

function variablesOf(template: Template, { variables }: Wanted): Judged {
  const missing = template.variables.filter((name) => !Object.hasOwn(variables, name));
  if (missing.length > 0) {
    return permanent(
      'template-variables-missing',
      `The template has variables without a value: ${missing.join(', ')}.`,
      `Add ${missing.map((name) => `VAR_${name}`).join(', ')} to the creative. The provider would fill in sample values.`,
    );
  }
  const surplus = Object.keys(variables).filter((name) => !template.variables.includes(name));
  if (surplus.length > 0) {
    return permanent(
      'template-variables-unknown',
      `The template has no variables of these names: ${surplus.join(', ')}.`,
      `Its variables are: ${template.variables.join(', ') || 'none'}. Correct the creative.`,
    );
  }
  return { kind: 'fits', template };
}

/** Whether a message's template can be sent, by the provider's catalogue. */
export function judgeTemplate(wanted: Wanted, channel: Channel, catalogue: Catalogue): Judged {
  const [template, ...others] = templatesNamed(wanted, catalogue);
  if (template === undefined) {
    return config(
      'template-unknown',
      'The provider has no such template in this language.',
      `Check TEMPLATE and LANGUAGE. ${listThem}`,
    );
  }
  if (others.length > 0) {
    const languages = [template, ...others].map(({ language }) => language).join(', ');
    return permanent(
      'template-ambiguous',
      `Several templates have this name, in: ${languages}.`,
      `Add LANGUAGE to the creative, or name the template by its id (HX…). ${listThem}`,
    );
  }
  if (channel === 'WHATSAPP' && template.status !== 'approved') return disapproved(template);
  return variablesOf(template, wanted);
}
