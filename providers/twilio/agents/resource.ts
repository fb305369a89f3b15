import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import type { ChatMessage } from '../../../domain/agents/flex/engine.ts';

/** Any resource of Twilio's APIs. */
export const resourceSchema = z.object({ sid: z.string() }).catchall(z.unknown());

/** A resource with its fields named as in Twilio's own library. */
export type Shown = { readonly sid: string; readonly shown: Readonly<Record<string, unknown>> };

const camel = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());

const camelCase = (resource: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(resource).map(([name, value]) => [camel(name), value]));

export const shownOf = (resource: z.infer<typeof resourceSchema>): Shown => ({
  sid: resource.sid,
  shown: camelCase(resource),
});

/** The message without its text, because responses are stored. */
export function messageOf(answer: Answered<z.infer<typeof resourceSchema>>): Answered<ChatMessage> {
  if (answer.kind !== 'done') return answer;
  const { body: _, ...rest } = camelCase(answer.value);
  return done({ ...rest, sid: answer.value.sid });
}

export const isNotFound = (answer: Answered<unknown>): boolean =>
  answer.kind === 'refused' && answer.status === 404;

/** The result of ending a resource; one that does not exist needs no ending. */
export function ended(answer: Answered<unknown>): Answered<null> {
  return answer.kind === 'done' || isNotFound(answer) ? done(null) : answer;
}
