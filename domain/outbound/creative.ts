import * as z from 'zod';
import type { Issue } from '../http.ts';
import { parseJson } from '../json.ts';

/** A creative as its author wrote it: fields trimmed, nothing normalised, '' where not given. */
export type Creative = {
  readonly to: string;
  readonly from: string;
  readonly channel: string;
  readonly mediaUrls: readonly string[];
  readonly body: string;
};

/** What could be read; undefined when the content has neither form. */
export type CreativeReading = {
  readonly creative: Creative | undefined;
  readonly issues: readonly Issue[];
};

/** The words before the colon. MEDIAL_URLS is how the SAS connector's manual spells it. */
const fieldByKey: Readonly<Record<string, Field>> = {
  TO: 'TO',
  FROM: 'FROM',
  CHANNEL: 'CHANNEL',
  MEDIA_URLS: 'MEDIA_URLS',
  MEDIAL_URLS: 'MEDIA_URLS',
};
type Field = 'TO' | 'FROM' | 'CHANNEL' | 'MEDIA_URLS';
const fieldOf = (key: string): Field | undefined =>
  Object.hasOwn(fieldByKey, key.toUpperCase()) ? fieldByKey[key.toUpperCase()] : undefined;

/**
 * Several URLs are separated by white space or commas. A comma divides only where another URL
 * starts after it: image services have commas inside their URLs (`/w_200,h_100/a.jpg`).
 */
const splitUrls = (value: string): string[] =>
  value
    .split(/\s+|,(?=\s*[a-z][a-z0-9+.-]*:)/i)
    .map(withoutOuterCommas)
    .filter((url) => url !== '');

/** By hand: a regular expression for the end of a text tries each comma of a long run anew. */
function withoutOuterCommas(url: string): string {
  let [start, end] = [0, url.length];
  while (url[start] === ',') start += 1;
  while (end > start && url[end - 1] === ',') end -= 1;
  return url.slice(start, end);
}

/** One `KEY:value;` at the place where the last one ended. */
const leadingField = /\s*([A-Za-z_]+)\s*:([^;]*);/y;

/**
 * Leading `KEY:value;` fields, then the body: everything after the last leading field that we know,
 * as written, trimmed at both ends. See docs/decisions/reading-a-creative.md.
 */
function readText(content: string): CreativeReading {
  const values: Partial<Record<Field, string>> = {};
  const issues: Issue[] = [];
  let bodyStart = 0;
  for (;;) {
    leadingField.lastIndex = bodyStart;
    const match = leadingField.exec(content);
    const field = match?.[1] === undefined ? undefined : fieldOf(match[1]);
    if (match === null || field === undefined) break;
    bodyStart = leadingField.lastIndex;
    const value = (match[2] ?? '').trim();
    if (field === 'MEDIA_URLS') {
      values[field] = `${values[field] ?? ''} ${value}`;
    } else if (values[field] !== undefined) {
      issues.push({ field, issue: 'is given twice' });
    } else if (/[\r\n]/.test(value)) {
      values[field] = value;
      issues.push({ field, issue: "runs over the end of its line: its ';' is missing" });
    } else {
      values[field] = value;
    }
  }
  return {
    creative: {
      to: values.TO ?? '',
      from: values.FROM ?? '',
      channel: values.CHANNEL ?? '',
      mediaUrls: splitUrls(values.MEDIA_URLS ?? ''),
      body: content.slice(bodyStart).trim(),
    },
    issues,
  };
}

const jsonText = z
  .union([z.string(), z.number(), z.null()], 'must be text')
  .optional()
  .transform((value) => String(value ?? '').trim());
const jsonCreative = z.object({
  to: jsonText,
  from: jsonText,
  channel: jsonText,
  body: jsonText,
  media_urls: z
    .union([z.string(), z.array(z.string()), z.null()], 'must be a URL or a list of URLs')
    .optional()
    .transform((value) =>
      Array.isArray(value) ? value.map((url) => url.trim()) : splitUrls(value ?? ''),
    ),
});

/** `{to, from, body, media_urls, channel}`: here any body can be written, and URLs with any character. */
function readJson(value: object): CreativeReading {
  const lower = Object.fromEntries(
    Object.entries(value).map(([key, of]) => [key.trim().toLowerCase(), of]),
  );
  const read = jsonCreative.safeParse({ media_urls: lower.medial_urls, ...lower });
  if (read.success) {
    const { media_urls: mediaUrls, ...texts } = read.data;
    return { creative: { ...texts, mediaUrls }, issues: [] };
  }
  const issues = read.error.issues.map(({ path: [key], message }) => ({
    field: key === 'body' ? 'body' : String(key).toUpperCase(),
    issue: message,
  }));
  return { creative: undefined, issues };
}

/** Reads a creative in either form. Whether its values are any good is decided in `compose.ts`. */
export function readCreative(content: string): CreativeReading {
  if (!content.trimStart().startsWith('{')) return readText(content);
  const json = parseJson(content.trim());
  if (typeof json === 'object' && json !== null) return readJson(json);
  return {
    creative: undefined,
    issues: [
      { field: 'impression.creativeContent', issue: "starts with '{' and is not a JSON object" },
    ],
  };
}
