import { afterAll, describe, expect, it } from 'vitest';
import { wrongIn } from './rig/books.ts';
import { type Rig, startRig } from './rig/rig.ts';
import { type Ending, runScenario, type Scenario } from './scenario.ts';
import { provider } from './scenarios/provider.ts';
import { scenarios } from './scenarios.ts';

/** Enough for every share of a fault to hit some. */
const MESSAGES = 24;
let shared: Promise<Rig> | undefined;
let lastTurn: Promise<unknown> = Promise.resolve();

/** Those that need nothing but the providers' faults take turns on one stack. */
function run(scenario: Scenario): Promise<Ending> {
  const onShared = provider.find((each) => each === scenario);
  if (!onShared) return runScenario(scenario, MESSAGES);
  const turn = lastTurn.then(async () => {
    shared ??= startRig();
    const { books, broken } = await onShared.runOn((await shared).fresh(), MESSAGES);
    return { books, broken: [...wrongIn(books), ...broken] };
  });
  lastTurn = turn.catch(() => undefined);
  return turn;
}

afterAll(async () => {
  await (await shared)?.end();
});

describe.concurrent('nothing accepted is lost and nobody gets a message twice', () => {
  it.each(scenarios)('$name: $invariant', async (scenario) => {
    const { books, broken } = await run(scenario);

    expect(broken).toEqual([]);
    expect(books.accepted).toBe(MESSAGES);
  });
});
