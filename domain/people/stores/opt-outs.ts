import type { HistoryEntry, OptOutRegister, OptOuts } from '../../opt-outs/ports.ts';
import type { PersonStore } from '../ports.ts';

const PAGE = 100;
const iso = (ms: number): string => new Date(ms).toISOString();

const dataOf = ({ at, recordedAt, ...rest }: HistoryEntry) => ({
  ...rest,
  at: iso(at),
  recordedAt: iso(recordedAt),
});

/** What the person said about being written to, and its proof. Kept: without it they would be written to again. */
export const optOutStores = (
  optOuts: Pick<OptOuts, 'preferenceOf'> & Pick<OptOutRegister, 'history'>,
): readonly PersonStore[] => [
  {
    name: 'opt-out',
    find: async ({ tenantId, address }) => {
      const preference = await optOuts.preferenceOf(tenantId, address);
      return { items: Object.keys(preference).length === 0 ? [] : [{ data: preference }] };
    },
  },
  {
    name: 'opt-out-history',
    find: async ({ tenantId, address }, cursor) => {
      const page = await optOuts.history(tenantId, address, { limit: PAGE, cursor });
      return { items: page.items.map((entry) => ({ data: dataOf(entry) })), cursor: page.cursor };
    },
  },
];
