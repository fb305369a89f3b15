import * as z from 'zod';
import { whole } from '../read-setting.ts';

/** How campaigns do, and messages that wait on purpose. */
export const campaignsShape = {
  /** Seconds for which totals of a campaign are kept after their latest change. */
  campaign_ttl: whole(86_400).default(34_560_000),
  /** Seconds for which a message may be held on purpose; then it is recorded as expired. */
  hold_max: whole(60, 1_209_600).default(172_800),
  /** Messages per second that all releases together put back on the queue. */
  release_max_rate: whole(1, 5000).default(500),
  /** Whether messages are found by number, identity, task and provider's id: `off` writes no index and no hash. */
  message_search: z.enum(['on', 'off']).default('on'),
} as const;
