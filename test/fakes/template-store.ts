import type { TemplateStore } from '../../domain/content/templates/ports.ts';
import type { Catalogue } from '../../domain/content/templates/template.ts';

const none: Catalogue = { syncedAt: 0, templates: [] };

/** Copies of templates in memory. */
export function fakeTemplateStore(): TemplateStore {
  const kept = new Map<string, Catalogue>();
  const turns = new Map<string, number>();
  return {
    load: async (tenantId) => kept.get(tenantId) ?? none,
    takeTurn: async (tenantId, now, until) => {
      if ((turns.get(tenantId) ?? 0) > now) return false;
      turns.set(tenantId, until);
      return true;
    },
    replace: async (tenantId, _before, after) => {
      kept.set(tenantId, after);
      turns.delete(tenantId);
    },
  };
}
