import type { RefusalRules } from '../../domain/opt-outs/opt-out.ts';
import type { Settings } from './config.ts';
import type { optOutSettings } from './setting-groups.ts';

/** For how long a provider's refusal counts as an opt-out. */
export const refusalRules = (config: Settings<typeof optOutSettings>): RefusalRules => ({
  refusalTtlSeconds: config.learned_opt_out_ttl,
  clock: Date.now,
});
