import type { Flex } from '../../../domain/agents/flex/engine.ts';
import type { AgentApi } from './api.ts';
import { interactionsEngine } from './interactions-engine.ts';
import { legacyEngine } from './legacy-engine.ts';
import { legacySessions } from './legacy-sessions.ts';
import { flexEngine, legacySettings } from './settings.ts';

/** Twilio Flex, on the products that the tenant's `flex_engine` selects. */
export const twilioFlex = (api: AgentApi, wait: (ms: number) => Promise<void>): Flex => ({
  engineOf: (tenant) => {
    const read = flexEngine(tenant.secret);
    if (!read.ok) return read;
    const settings =
      read.settings.flex_engine === 'legacy'
        ? legacyEngine(tenant, api)
        : interactionsEngine(tenant, api, wait);
    return { ok: true, settings };
  },
  sessionsOf: (tenant) => {
    const read = legacySettings(tenant.secret);
    return read.ok ? { ok: true, settings: legacySessions(tenant, api) } : read;
  },
});
