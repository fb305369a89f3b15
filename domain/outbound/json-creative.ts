import * as z from 'zod';
import type { Issue } from '../http.ts';
import type { CreativeReading } from './creative.ts';
import { fieldOf, type UnknownFields, unknownFieldIssue, variableOf } from './creative-field.ts';
import { splitUrls } from './media-urls.ts';
import { templatePart } from './template-part.ts';
import { timingPart } from './timing.ts';

const jsonText = z
  .union([z.string(), z.number(), z.null()], 'must be text')
  .optional()
  .transform((value) => String(value ?? '').trim());
const jsonCreative = z.object({
  to: jsonText,
  from: jsonText,
  channel: jsonText,
  body: jsonText,
  priority: jsonText,
  category: jsonText,
  timezone: jsonText,
  send_at: jsonText,
  send_by: jsonText,
  template: jsonText,
  language: jsonText,
  variables: z
    .union([z.record(z.string(), jsonText), z.null()], 'must be an object of texts')
    .optional()
    .transform((value) => value ?? {}),
  media_urls: z
    .union([z.string(), z.array(z.string()), z.null()], 'must be a URL or a list of URLs')
    .optional()
    .transform((value) =>
      Array.isArray(value) ? value.map((url) => url.trim()) : splitUrls(value ?? ''),
    ),
});

/** A variable has no key of its own in JSON. */
const nameOf = (key: string) => (variableOf(key) === undefined ? fieldOf(key) : undefined);

/** Keys that name one thing twice, in capitals or by the other spelling, and keys that are no fields. */
function keyIssues(keys: readonly string[], unknownFields: UnknownFields): Issue[] {
  const issues: Issue[] = [];
  const seen = new Set<string>();
  for (const key of keys) {
    const name = key === 'body' || key === 'variables' ? key : nameOf(key);
    const unknown = name === undefined && unknownFieldIssue(key, 'json', unknownFields);
    if (unknown) issues.push(unknown);
    if (name !== undefined && seen.has(name)) issues.push({ field: name, issue: 'is given twice' });
    if (name !== undefined) seen.add(name);
  }
  return issues;
}

/** `{to, from, body, media_urls, channel, priority, template, language, variables, category, timezone, send_at, send_by}`: here any body can be written. */
export function readJson(value: object, unknownFields: UnknownFields): CreativeReading {
  const entries = Object.entries(value).map(([key, of]) => [key.trim().toLowerCase(), of] as const);
  const unread = keyIssues(
    entries.map(([key]) => key),
    unknownFields,
  );
  const lower: Record<string, unknown> = Object.fromEntries(entries);
  const read = jsonCreative.safeParse({ media_urls: lower.medial_urls, ...lower });
  if (read.success) {
    const { media_urls: mediaUrls, template, language, variables, ...others } = read.data;
    const { category, timezone, send_at: sendAt, send_by: sendBy, ...texts } = others;
    const part = {
      ...templatePart({ template, language, variables }),
      ...timingPart({ category, timezone, sendAt, sendBy }),
    };
    return { creative: { ...texts, mediaUrls, ...part }, issues: unread };
  }
  const issues = read.error.issues.map(({ path: [key], message }) => ({
    field: key === 'body' ? 'body' : String(key).toUpperCase(),
    issue: message,
  }));
  return { creative: undefined, issues: [...unread, ...issues] };
}
