import type { Issue } from '../http.ts';
import { parseJson } from '../json.ts';
import type { UnknownFields } from './creative-field.ts';
import { readJson } from './json-creative.ts';
import type { TemplateFields } from './template-part.ts';
import { readText } from './text-creative.ts';
import type { TimingFields } from './timing.ts';

/** A creative as its author wrote it: fields trimmed, nothing normalised, '' where not given. */
export type Creative = {
  readonly to: string;
  readonly from: string;
  readonly channel: string;
  readonly mediaUrls: readonly string[];
  readonly priority: string;
  readonly body: string;
  /** Present where CATEGORY, TIMEZONE, SEND_AT or SEND_BY is given. */
  readonly timing?: TimingFields;
  /** Present where TEMPLATE, LANGUAGE or a variable is given. */
  readonly template?: TemplateFields;
};

/** What could be read; undefined when the content has neither form. */
export type CreativeReading = {
  readonly creative: Creative | undefined;
  readonly issues: readonly Issue[];
};

/** Reads a creative in either form. Whether its values are any good is decided in `compose.ts`. */
export function readCreative(
  content: string,
  unknownFields: UnknownFields = 'near',
): CreativeReading {
  if (!content.trimStart().startsWith('{')) return readText(content, unknownFields);
  const json = parseJson(content.trim());
  if (typeof json === 'object' && json !== null) return readJson(json, unknownFields);
  return {
    creative: undefined,
    issues: [
      { field: 'impression.creativeContent', issue: "starts with '{' and is not a JSON object" },
    ],
  };
}
