import { whole } from '../read-setting.ts';

/** How campaigns do. */
export const campaignsShape = {
  /** Seconds for which totals of a campaign are kept after their latest change. */
  campaign_ttl: whole(86_400).default(34_560_000),
} as const;
