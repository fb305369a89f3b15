/**
 * Runs the contestants in turn, A B C A B C …, so that whatever else the machine does meanwhile hits
 * all of them; gives back each one's results, a result a round.
 */
export async function sideBySide<Result>(
  contestants: Readonly<Record<string, () => Promise<Result>>>,
  rounds: number,
): Promise<ReadonlyMap<string, readonly Result[]>> {
  const results = new Map<string, Result[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      results.get(name)?.push(await run());
    }
  }
  return results;
}
