import type { Issue } from '../http.ts';
import type { Channel } from './channel.ts';
import type { Creative } from './creative.ts';
import type { MessageRequest } from './message-request.ts';
import type { ProviderRules } from './provider-rules.ts';
import type { TemplateFields } from './template-part.ts';

type Template = NonNullable<MessageRequest['template']>;

/** Most placeholders of a template. */
const MAX_VARIABLES = 100;
const CONTENT_SID = /^HX[0-9a-f]{32}$/i;
/** Printable characters; a name is the one under which the template was created. */
const NAME = /^[^\p{C}]{1,128}$/u;
const LANGUAGE = /^[A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8}){0,2}$/;

/** Whether it is an id of content at the provider; anything else is a name. */
export const isContentSid = (template: string): boolean => CONTENT_SID.test(template);

function* withoutTemplate({ language, variables }: TemplateFields): Generator<Issue> {
  if (language !== '') yield { field: 'LANGUAGE', issue: 'is given without TEMPLATE' };
  const [first] = Object.keys(variables);
  if (first !== undefined) yield { field: `VAR_${first}`, issue: 'is given without TEMPLATE' };
}

function* wrongVariables({ variables }: TemplateFields, channel: Channel): Generator<Issue> {
  const entries = Object.entries(variables);
  if (entries.length > MAX_VARIABLES) {
    yield { field: 'TEMPLATE', issue: `has more than ${MAX_VARIABLES} variables` };
  }
  for (const [name, value] of entries) {
    const field = `VAR_${name}`.slice(0, 64);
    if (!/^\w+$/.test(name)) {
      yield { field: 'TEMPLATE', issue: 'has a variable whose name is not letters, digits and _' };
    } else if (value === '') {
      yield { field, issue: 'is empty, and a template needs a value for each variable' };
    } else if (channel === 'WHATSAPP' && /[\r\n]/.test(value)) {
      yield { field, issue: 'has a line break, which WhatsApp does not allow in a variable' };
    }
  }
}

function* wrongTemplate(
  fields: TemplateFields,
  { body, mediaUrls }: Creative,
  channel: Channel,
): Generator<Issue> {
  const { template, language } = fields;
  if (/^HX/.test(template) && template.length >= 30 && !isContentSid(template)) {
    yield { field: 'TEMPLATE', issue: 'is no content id: HX and 32 hexadecimal digits' };
  }
  if (!NAME.test(template)) {
    yield { field: 'TEMPLATE', issue: 'is not a name of up to 128 characters or an id (HX…)' };
  }
  if (language !== '' && !LANGUAGE.test(language)) {
    yield { field: 'LANGUAGE', issue: 'is not a language such as en or pt_BR' };
  }
  // On WhatsApp, text and media go to people who wrote within 24 hours; elsewhere nobody would get them.
  const isFreeFormToo = channel === 'WHATSAPP';
  if (body !== '' && !isFreeFormToo) {
    yield { field: 'body', issue: `cannot be sent together with TEMPLATE on ${channel}` };
  }
  if (mediaUrls.length > 0 && !(isFreeFormToo && body !== '')) {
    yield { field: 'MEDIA_URLS', issue: 'cannot be sent with TEMPLATE, which has its own media' };
  }
  yield* wrongVariables(fields, channel);
}

/** What is wrong with a creative's template, as far as its shape shows. The worker judges the rest. */
export function templateIssues(
  creative: Creative,
  channel: Channel,
  { id, capabilities }: Pick<ProviderRules, 'id' | 'capabilities'>,
): Issue[] {
  const { template: fields } = creative;
  if (fields === undefined) return [];
  if (fields.template === '') return [...withoutTemplate(fields)];
  if (!capabilities.templates) {
    return [{ field: 'TEMPLATE', issue: `is not available through ${id}` }];
  }
  return [...wrongTemplate(fields, creative, channel)];
}

/** WhatsApp refuses tabs and runs of more than four blanks in a variable. Nobody sees the difference. */
const oneLine = (value: string): string => value.replace(/\t| {5,}/g, ' ');

/** The template that a creative without issues names. */
export function templateOf(creative: Creative, channel: Channel): Template | undefined {
  if (creative.template === undefined) return undefined;
  const { template, language, variables } = creative.template;
  const tidy = (value: string) => (channel === 'WHATSAPP' ? oneLine(value) : value);
  return {
    template,
    ...(language === '' ? {} : { language }),
    variables: Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, tidy(value)]),
    ),
  };
}
