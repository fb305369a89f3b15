import { setTimeout as delay } from 'node:timers/promises';
import { storedTotals } from '../../../adapters/aws/campaign-records.ts';
import { fromItem, type Item } from '../../../adapters/aws/items.ts';
import { type Counts, countedSchema } from '../../../domain/campaigns/counted.ts';
import { sameKey, totalsOf } from '../../../domain/campaigns/totals.ts';

/** So long the stream may take, ms, on a busy machine. */
const PATIENCE_MS = 60_000;

const written = (counts: Counts): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .sort()
    .join(', ');

/** How totals differ from the deliveries, a sentence each. */
function differences(deliveries: readonly Item[], campaigns: readonly Item[]): string[] {
  const counted = deliveries
    .filter((item) => 'guid' in item && 'status' in item)
    .map((item) => fromItem(countedSchema, item));
  const expected = new Map(
    [...totalsOf(counted)].map(([id, { counts }]) => [id, written(counts)] as const),
  );
  const found = new Map(
    campaigns
      .filter((item) => 'hour' in item)
      .map(storedTotals)
      .map(({ key, counts }) => [sameKey(key), written(counts)] as const),
  );
  const ids = new Set([...expected.keys(), ...found.keys()]);
  return [...ids].flatMap((id) => {
    const [inTable = '', inTotals = ''] = [expected.get(id), found.get(id)];
    return inTable === inTotals
      ? []
      : [`the totals of ${id} are (${inTotals}), the table has (${inTable})`];
  });
}

/** Waits until the totals are those of the table; what still differs when patience ends. */
export async function unlikeTheTable(
  read: () => Promise<{
    readonly deliveries: readonly Item[];
    readonly campaigns: readonly Item[];
  }>,
): Promise<string[]> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { deliveries, campaigns } = await read();
    const different = differences(deliveries, campaigns);
    if (different.length === 0 || performance.now() > until) return different;
    await delay(250);
  }
}
