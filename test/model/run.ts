import { BUILT_AT } from '../builders/message-request.ts';
import { controlling } from './controlling.ts';
import { replaying } from './replaying.ts';
import { allDimensions, type Dimension, scenarioOf } from './scenario.ts';
import { modelWorld, type Spoil } from './system.ts';

/** What came of one seed: the promises it broke, and how much happened. */
export type Run = {
  readonly seed: number;
  readonly broken: readonly string[];
  /** How often what the run is about happened in it. */
  readonly reached: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
};

/** More than any run needs in which everything comes to rest. */
const MOST_HAPPENINGS = 200_000;
const ROUNDS = 12;

/** Runs one seed to its end. The same seed and dimensions give the same run. */
export async function runSeed(
  seed: number,
  options: {
    readonly dimensions?: readonly Dimension[];
    readonly traced?: boolean;
    readonly spoil?: Spoil;
  } = {},
): Promise<Run> {
  const scenario = scenarioOf(seed, options.dimensions ?? allDimensions);
  const lines: string[] = [];
  const world = modelWorld(seed, scenario, {
    ...(options.traced ? { lines } : {}),
    ...(options.spoil ? { spoil: options.spoil } : {}),
  });
  const operator = replaying(world, scenario);
  const campaigns = controlling(world);
  const { timeline, trace, books } = world;
  const rest = async () => {
    if (!(await timeline.run(MOST_HAPPENINGS))) books.breaks('it never comes to rest');
  };

  trace(
    () =>
      `seed ${seed}: ${JSON.stringify({ ...scenario, on: [...scenario.on], posts: scenario.posts.length })}`,
  );
  for (const post of scenario.posts) timeline.after(post.at, () => world.post(post));
  for (const at of scenario.senderChanges) timeline.after(at, world.changeSender);
  for (const { at, ignoreTtl } of scenario.replays) {
    timeline.after(at, () => void operator.start(ignoreTtl));
  }
  for (const at of scenario.controls) timeline.after(at, () => void operator.meddle());
  for (const at of scenario.holds) timeline.after(at, () => void campaigns.meddle());
  if (scenario.on.has('holds')) {
    timeline.after(scenario.calmAt, () => void campaigns.resumeAll());
  }
  await rest();

  // From here on nothing goes wrong, and the operator goes on until nothing is left to do.
  timeline.after(BUILT_AT + scenario.calmAt - timeline.now(), () => trace(() => 'calm'));
  await rest();
  const resumed = async () => {
    const any = operator.resumeAll();
    await rest();
    return any;
  };
  for (let round = 0; round < ROUNDS && (await resumed()); round += 1) {
    if (round === ROUNDS - 1) books.breaks('a replay never ends');
  }
  books.close(world.accepted);

  if (scenario.lastReplay && books.broken().length === 0) {
    trace(() => 'everything that failed is replayed once more');
    void operator.start(true);
    await rest();
    for (let round = 0; round < ROUNDS && (await resumed()); round += 1);
    books.close(world.accepted);
  }
  return { seed, broken: books.broken(), reached: world.books.reached(), trace: lines };
}
