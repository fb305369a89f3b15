import type { CheckState, CheckStates } from '../../domain/campaigns/check-run.ts';
import type { StoredTotals } from '../../domain/campaigns/sum-up.ts';
import type { Campaign, CampaignRecords } from '../../domain/campaigns/totals-ports.ts';

export function fakeCampaignRecords() {
  const campaigns: Campaign[] = [];
  const stored: StoredTotals[] = [];
  const newestFirst = () => [...campaigns].sort((a, b) => b.startedAt - a.startedAt);
  const port: CampaignRecords = {
    list: async (tenantId, { limit, cursor = '0' }) => {
      const all = newestFirst().filter((campaign) => campaign.tenantId === tenantId);
      const end = Number(cursor) + limit;
      const items = all.slice(Number(cursor), end);
      return { items, ...(end < all.length ? { cursor: String(end) } : {}) };
    },
    find: async (tenantId, name) => {
      const own = newestFirst().filter((campaign) => campaign.tenantId === tenantId);
      return (
        own.find(({ taskId }) => taskId === name) ??
        own.find(({ externalCode }) => externalCode === name)
      );
    },
    totalsOf: async ({ tenantId, taskId }, { from = '0', to = '9' } = {}) =>
      stored.filter(
        ({ key }) =>
          key.tenantId === tenantId &&
          key.taskId === taskId &&
          key.hour >= from &&
          key.hour <= `${to}~`,
      ),
  };
  let state: CheckState = {};
  const checks: CheckStates = {
    get: async () => state,
    put: async (next) => {
      state = next;
    },
  };
  return { port, campaigns, stored, checks };
}
