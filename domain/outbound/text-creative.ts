import type { Issue } from '../http.ts';
import type { CreativeReading } from './creative.ts';
import {
  BODY,
  type Field,
  fieldOf,
  fields,
  type UnknownFields,
  unknownFieldIssue,
  variableOf,
} from './creative-field.ts';
import { splitUrls } from './media-urls.ts';
import { templatePart } from './template-part.ts';
import { timingPart } from './timing.ts';

/** `KEY:` at the place where the last field ended; a key may be two words, for `MEDIA URLS`. */
const leadingKey = /\s*([A-Za-z][A-Za-z0-9_]{0,63}(?:[ -][A-Za-z0-9_]{1,63})?)\s*:/y;
/** Its value, to the next semicolon. */
const fieldValue = /([^;]*);/y;

/** White space that holds an empty line, however lines end. */
const emptyLine = /\s*?(?:\r\n|\n|\r(?!\n))[^\S\r\n]*(?:\r\n?|\n)/y;

const names = [...fields, 'MEDIAL_URLS', 'VAR_\\w+'].join('|');
/** A line that holds fields and nothing else, or begins with `BODY:`. */
const lineOfFields = new RegExp(
  `\\s*(?:(?:[^\\S\\r\\n]*(${names})\\s*:[^;\\r\\n]*;)+[^\\S\\r\\n]*(?=[\\r\\n]|$)|(${BODY})\\s*:)`,
  'iy',
);

function matchAt(pattern: RegExp, content: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(content);
}

/** Fields below an empty line: their author did not see that the message had begun. */
function strayField(content: string, start: number, unknownFields: UnknownFields): Issue[] {
  const [, field, body] = matchAt(lineOfFields, content, start) ?? [];
  const stray = field ?? body;
  if (stray === undefined || unknownFields === 'text') return [];
  const issue = 'stands after an empty line, which ends the fields; take the empty line out';
  return [{ field: stray.toUpperCase(), issue }];
}

function* issuesOf(field: Field, value: string, isRepeated: boolean): Generator<Issue> {
  if (isRepeated) yield { field, issue: 'is given twice' };
  else if (field !== 'MEDIA_URLS' && /[\r\n]/.test(value)) {
    yield { field, issue: "runs over the end of its line: its ';' is missing" };
  }
}

type Header = {
  readonly values: ReadonlyMap<Field, string>;
  readonly issues: readonly Issue[];
  /** Where the message begins. */
  readonly end: number;
};

function readHeader(content: string, unknownFields: UnknownFields): Header {
  const values = new Map<Field, string>();
  const issues: Issue[] = [];
  let end = 0;
  for (;;) {
    if (end > 0 && matchAt(emptyLine, content, end)) {
      return { values, issues: [...issues, ...strayField(content, end, unknownFields)], end };
    }
    const key = matchAt(leadingKey, content, end)?.[1];
    if (key === undefined) return { values, issues, end };
    if (key.toUpperCase() === BODY) return { values, issues, end: leadingKey.lastIndex };
    const value = matchAt(fieldValue, content, leadingKey.lastIndex)?.[1]?.trim();
    if (value === undefined) return { values, issues, end };
    const field = fieldOf(key);
    if (field === undefined) {
      const unknown = unknownFieldIssue(key, 'text', unknownFields) ?? [];
      return { values, issues: issues.concat(unknown), end };
    }
    issues.push(...issuesOf(field, value, values.has(field)));
    if (!values.has(field)) values.set(field, value);
    end = fieldValue.lastIndex;
  }
}

/** The values of `VAR_…`, by the names of the variables. */
const variablesOf = (values: ReadonlyMap<Field, string>): Record<string, string> =>
  Object.fromEntries(
    [...values].flatMap(([field, value]) => {
      const name = variableOf(field);
      return name === undefined ? [] : [[name, value]];
    }),
  );

/**
 * Leading `KEY:value;` fields, then the message, as written and trimmed at both ends. `BODY:` or an
 * empty line ends the fields; otherwise they end at the last one that we know.
 * See docs/decisions/parsing-creatives.md.
 */
export function readText(content: string, unknownFields: UnknownFields): CreativeReading {
  const { values, issues, end } = readHeader(content, unknownFields);
  return {
    creative: {
      to: values.get('TO') ?? '',
      from: values.get('FROM') ?? '',
      channel: values.get('CHANNEL') ?? '',
      mediaUrls: splitUrls(values.get('MEDIA_URLS') ?? ''),
      priority: values.get('PRIORITY') ?? '',
      body: content.slice(end).trim(),
      ...timingPart({
        category: values.get('CATEGORY') ?? '',
        timezone: values.get('TIMEZONE') ?? '',
        sendAt: values.get('SEND_AT') ?? '',
        sendBy: values.get('SEND_BY') ?? '',
      }),
      ...templatePart({
        template: values.get('TEMPLATE') ?? '',
        language: values.get('LANGUAGE') ?? '',
        variables: variablesOf(values),
      }),
    },
    issues,
  };
}
