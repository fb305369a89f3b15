import * as z from 'zod';
import { whole } from '../read-setting.ts';
import { flag } from './shapes.ts';

/** What messages may hold, and how their text is coded. */
export const contentShape = {
  /**
   * What is done to an SMS that GSM-7 cannot hold: `keep` sends it as written, `smart` replaces typographic
   * characters where that makes it GSM-7, `gsm7` replaces accents too and refuses what is left.
   */
  encoding: z.enum(['keep', 'smart', 'gsm7']).default('keep'),
  /** Most segments of an SMS; 0 sets no limit. */
  max_segments: whole(0, 100).default(0),
  /** Whether a message with `{{…}}` left in it is refused. */
  refuse_unmerged: flag,
} as const;
