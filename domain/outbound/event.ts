import * as z from 'zod';
import type { Issue } from '../http.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import { guidSchema } from './message-request.ts';

/** The one type of CI360 event that asks for a message; CI360 may post others to the same endpoint. */
export const OUTBOUND_EVENT_TYPE = 'outboundSystem';

/** What we need of CI360's event. Fields come and go between its releases, so nothing else is looked at. */
export type OutboundEvent = {
  readonly guid: string;
  readonly tenantId: string;
  readonly identityId: string;
  /** When CI360 generated it, ms since 1970 by CI360's clock. */
  readonly generatedAt: number;
  readonly creative: string;
  /** The person is in the control group: the campaign is measured by their not getting the message. */
  readonly isControlGroup: boolean;
  readonly eventName: string;
  readonly externalCode: string;
  readonly responseTrackingCode: string;
  readonly taskId: string;
};

export type EventReading =
  | { readonly kind: 'event'; readonly event: OutboundEvent }
  /** An event of another type: to be acknowledged, not acted on. */
  | { readonly kind: 'other-type' }
  | { readonly kind: 'invalid'; readonly issues: readonly Issue[] };

/** CI360 sends text, and now and then a number or a flag where text was promised. */
const asText = (value: unknown): unknown => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value.trim() : (value ?? '');
};

/** CI360's codes are short. Longer ones fit neither callback addresses nor, in the end, the tables. */
const MAX_CODE_LENGTH = 256;
const code = z.string().max(MAX_CODE_LENGTH, {
  error: `is longer than ${MAX_CODE_LENGTH} characters`,
  abort: true,
});

/**
 * Characters that one value may take in the query of a callback URL, where a character outside of
 * ASCII takes up to 12. Three such values, the longest guid and tenant and a `public_url` of 256 characters
 * stay within the 4,000 characters that providers take.
 */
const MAX_ENCODED_LENGTH = 1000;
const fitsCallback = (value: string): boolean =>
  new URLSearchParams({ id: value }).toString().length - 'id='.length <= MAX_ENCODED_LENGTH;
const tooLongEncoded = `is longer than ${MAX_ENCODED_LENGTH} characters when percent-encoded`;

/** What is no text counts as not given. */
const textOr = (shape: z.ZodType<string>) =>
  z.preprocess((value) => {
    const text = asText(value);
    return typeof text === 'string' ? text : '';
  }, shape);
const optional = textOr(code);
/** A code that a callback URL carries. */
const inCallback = textOr(code.refine(fitsCallback, tooLongEncoded));
const required = z.preprocess(asText, z.string('must be text').min(1, 'is missing'));

/** Requires a value first, so that a missing field is called missing and not misshapen. */
const shaped = (shape: z.ZodType<string>, issue: string) =>
  required.refine((value) => value === '' || shape.safeParse(value).success, {
    error: issue,
    abort: true,
  });

/** Read as ms, seconds are before 2001, so too old to send, and microseconds never expire. */
const otherUnit = /^(\d{1,12}|\d{15,16})(\.\d+)?$/;
const timestamp = required
  .refine((value) => value === '' || /^\d{1,16}(\.\d+)?$/.test(value), 'must be ms since 1970')
  .refine((value) => !otherUnit.test(value), 'must be ms since 1970, not seconds or microseconds')
  .transform(Number);

/** By path in the event, so that an issue names the path whichever part of it was missing. */
const eventSchema = z.object({
  guid: shaped(guidSchema, 'must be up to 128 letters, digits and . _ : -'),
  externalTenantId: shaped(tenantIdSchema, 'must be up to 64 letters, digits and _ -'),
  // The first part of a reference that ends at the bar.
  identityId: shaped(
    z.string().regex(/^[^|]{1,256}$/),
    "must be up to 256 characters without '|'",
  ).refine(fitsCallback, tooLongEncoded),
  'date.generatedTimestamp': timestamp,
  'impression.creativeContent': z.preprocess(
    (value) => value ?? '',
    z.string('must be text').regex(/\S/, 'is missing'),
  ),
  'impression.isControlGroup': optional.transform((value) => value.toLowerCase() === 'true'),
  'impression.taskId': optional,
  'contactResponse.responseTrackingCode': inCallback,
  'properties.externalCode': inCallback,
  eventName: optional,
});
const paths = Object.keys(eventSchema.shape);

/** What stands at a dotted path, or undefined when any part of the way is missing. */
function at(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => {
    if (typeof part !== 'object' || part === null || !Object.hasOwn(part, key)) return undefined;
    return Reflect.get(part, key);
  }, value);
}

/** The tenant that a parsed JSON value names, whatever else is wrong with it; undefined when it names none. */
export function tenantNamedBy(value: unknown): string | undefined {
  const named = tenantIdSchema.safeParse(asText(at(value, 'externalTenantId')));
  return named.success ? named.data : undefined;
}

const absent = (value: unknown) => value === undefined || value === null || value === '';

/** Reads a parsed JSON value as an outbound event; every wrong field is listed at once. */
export function readEvent(value: unknown): EventReading {
  const eventType = asText(at(value, 'eventType'));
  if (!absent(eventType) && eventType !== OUTBOUND_EVENT_TYPE) return { kind: 'other-type' };
  const given = Object.fromEntries(paths.map((path) => [path, at(value, path)]));
  // `identity.identityId` repeats the field; some event types carry it only there.
  if (absent(given.identityId)) given.identityId = at(value, 'identity.identityId');

  const read = eventSchema.safeParse(given);
  const issues = (read.error?.issues ?? []).map(({ path, message }) => ({
    field: path.join('.'),
    issue: message,
  }));
  if (absent(eventType)) issues.unshift({ field: 'eventType', issue: 'is missing' });
  if (!read.success || issues.length > 0) return { kind: 'invalid', issues };
  const fields = read.data;
  return {
    kind: 'event',
    event: {
      guid: fields.guid,
      tenantId: fields.externalTenantId,
      identityId: fields.identityId,
      generatedAt: fields['date.generatedTimestamp'],
      creative: fields['impression.creativeContent'],
      isControlGroup: fields['impression.isControlGroup'],
      eventName: fields.eventName,
      externalCode: fields['properties.externalCode'],
      responseTrackingCode: fields['contactResponse.responseTrackingCode'],
      taskId: fields['impression.taskId'],
    },
  };
}
