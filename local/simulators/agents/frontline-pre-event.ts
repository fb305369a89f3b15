import * as z from 'zod';
import type { WebhookOutcome } from '../webhook-client.ts';

/** What Twilio makes of the answer to a pre-event callback. https://www.twilio.com/docs/conversations/conversations-webhooks */
export type PreEventEffect =
  | { readonly kind: 'published' }
  | { readonly kind: 'published-modified'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'rejected'; readonly status: number }
  /** No answer in 5 s: as if the callback had agreed. */
  | { readonly kind: 'published-on-timeout' };

const fieldsSchema = z.record(z.string(), z.unknown());

/** The fields that an answer may change, by event. */
const changeable: Readonly<Record<string, readonly string[]>> = {
  onConversationAdd: ['friendly_name', 'attributes'],
  onMessageAdd: ['body', 'author', 'attributes'],
};

export function preEventEffect(event: string, outcome: WebhookOutcome): PreEventEffect {
  if (outcome.kind !== 'answered') return { kind: 'published-on-timeout' };
  const { status, body } = outcome;
  if (status >= 400) return { kind: 'rejected', status };
  let read: Record<string, unknown> | undefined;
  try {
    read = fieldsSchema.safeParse(JSON.parse(body || '{}')).data;
  } catch {
    read = undefined;
  }
  const fields = Object.fromEntries(
    Object.entries(read ?? {}).flatMap(([name, value]) =>
      changeable[event]?.includes(name) && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
  return Object.keys(fields).length === 0
    ? { kind: 'published' }
    : { kind: 'published-modified', fields };
}
