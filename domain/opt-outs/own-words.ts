import * as z from 'zod';
import type { Observe } from '../observe.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { OwnWords } from './keyword.ts';

/** One text with commas between the words, or a list of them. */
const wordsSchema = z
  .union([z.string().transform((words) => words.split(',')), z.array(z.string())])
  .optional();

/**
 * A tenant's own keywords: `stop_words`, `start_words` and `help_words` of its secret. Words that cannot
 * be read are left out and logged; the table of the service holds all the same.
 */
export function ownWordsOf(secret: TenantSecret, observe: Observe): OwnWords {
  const read = (name: 'stop_words' | 'start_words' | 'help_words'): readonly string[] => {
    const words = wordsSchema.safeParse(secret[name]);
    if (words.success) return words.data ?? [];
    observe.warn('keywords of a secret cannot be read', { code: name });
    return [];
  };
  return { STOP: read('stop_words'), START: read('start_words'), HELP: read('help_words') };
}
