import type { RefusalRules } from '../../domain/delivery/opt-out.ts';
import type { Config } from './config.ts';

/** For how long a provider's refusal counts as an opt-out. */
export const refusalRules = (config: Config): RefusalRules => ({
  refusalTtlSeconds: config.learned_opt_out_ttl,
  clock: Date.now,
});
