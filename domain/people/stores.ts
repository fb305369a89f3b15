import type { OptOutRegister, OptOuts } from '../opt-outs/ports.ts';
import { type PersonStore, storeNames } from './ports.ts';
import { deliveryStore } from './stores/deliveries.ts';
import { failedRequestStore } from './stores/failed-requests.ts';
import { heldStore } from './stores/held-messages.ts';
import { optOutStores } from './stores/opt-outs.ts';

export type PersonStoresDeps = Parameters<typeof deliveryStore>[0] &
  Parameters<typeof failedRequestStore>[0] &
  Parameters<typeof heldStore>[0] & {
    readonly optOuts: Pick<OptOuts, 'preferenceOf'> & Pick<OptOutRegister, 'history'>;
    /** The stores that are tables of their own. */
    readonly others: readonly PersonStore[];
  };

/** Every store of personal data, in the order in which they are erased. */
export const personStores = (deps: PersonStoresDeps): readonly PersonStore[] => {
  const stores = [
    ...optOutStores(deps.optOuts),
    ...deps.others,
    heldStore(deps),
    failedRequestStore(deps),
    deliveryStore(deps),
  ];
  return storeNames.flatMap((name) => stores.find((store) => store.name === name) ?? []);
};
