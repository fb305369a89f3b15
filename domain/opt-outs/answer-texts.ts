import * as z from 'zod';
import type { Observe } from '../observe.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';

/** What a tenant answers to STOP and to HELP; undefined is no answer. */
export type AnswerTexts = {
  readonly stop: string | undefined;
  readonly help: string | undefined;
};

/** At most 1,600 characters: the longest body that every provider takes. */
const textSchema = z.string().max(1600).optional();

/**
 * `stop_text` and `help_text` of a tenant's secret. A text that cannot be read is logged and counts as
 * not set: a wrong one never stops a STOP.
 */
export function answerTextsOf(secret: TenantSecret, observe: Observe): AnswerTexts {
  const read = (name: 'stop_text' | 'help_text'): string | undefined => {
    const text = textSchema.safeParse(secret[name]);
    if (text.success) return text.data;
    observe.warn('an answer text of a secret cannot be read', { code: name });
    return undefined;
  };
  return { stop: read('stop_text'), help: read('help_text') };
}
