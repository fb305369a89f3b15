/** Cuts a list, in order, into batches of at most so many entries and so much size together. */
export function batchesOf<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  most: { readonly entries: number; readonly size: number },
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let size = 0;
  for (const item of items) {
    const own = sizeOf(item);
    if (batch.length > 0 && (batch.length === most.entries || size + own > most.size)) {
      batches.push(batch);
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += own;
  }
  return batch.length > 0 ? [...batches, batch] : batches;
}
