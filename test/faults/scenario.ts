import { type Books, balance, wrongIn } from './rig/books.ts';
import { type Rig, startRig, type Watch } from './rig/rig.ts';
import { unlikeTheTable } from './rig/totals.ts';

/** A way in which things go wrong, and what must hold all the same. */
export type Scenario = {
  /** For `--only`. */
  readonly name: string;
  /** What must hold in the end, in words; beside that nothing is lost, duplicated or left without an outcome. */
  readonly invariant: string;
  /**
   * Lets it happen to so many messages and waits for the end. Answers with what did not hold, in words.
   */
  readonly run: (messages: number) => Promise<Ending>;
};

export type Ending = { readonly books: Books; readonly broken: readonly string[] };

/** One line of the table. */
export type Result = {
  readonly name: string;
  readonly invariant: string;
  readonly books: Books;
  readonly broken: readonly string[];
  readonly seconds: number;
};

const nothing = balance({
  accepted: new Set(),
  deliveries: [],
  failedRequests: [],
  atProvider: [],
  left: 0,
});

export async function runScenario(scenario: Scenario, messages: number): Promise<Result> {
  const start = performance.now();
  const { books, broken } = await scenario.run(messages).catch(
    (error: unknown): Ending => ({
      books: nothing,
      broken: [`it did not come about: ${error instanceof Error ? error.message : error}`],
    }),
  );
  return {
    name: scenario.name,
    invariant: scenario.invariant,
    books,
    broken: [...wrongIn(books), ...broken],
    seconds: (performance.now() - start) / 1000,
  };
}

/** What a scenario on a rig of its own says about itself. */
export type RigScenario = {
  readonly name: string;
  readonly invariant: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Posts, and lets things go wrong. */
  readonly happen: (rig: Rig, messages: number) => Promise<void>;
  /** Says what does not hold once everything has come to rest. */
  readonly check?: (books: Books, rig: Rig) => Promise<string[]> | string[];
};

/** A scenario that can also be run on a rig that others have used, if that has its settings. */
export type OnRig = Scenario & {
  readonly settings: Readonly<Record<string, string>>;
  readonly runOn: (rig: Rig, messages: number) => Promise<Ending>;
};

export function onRig(scenario: RigScenario): OnRig {
  const { name, invariant, settings = {} } = scenario;
  const runOn = async (rig: Rig, messages: number): Promise<Ending> => {
    await scenario.happen(rig, messages);
    const broken = await atRest(rig);
    const books = await rig.books();
    return { books, broken: [...broken, ...((await scenario.check?.(books, rig)) ?? [])] };
  };
  return {
    name,
    invariant,
    settings,
    runOn,
    run: async (messages) => {
      const rig = await startRig(settings);
      try {
        return await runOn(rig, messages);
      } finally {
        await rig.end();
      }
    },
  };
}

/** Waits for empty queues, and for the totals of campaigns to be those of the table; says what is not so. */
export async function atRest(watched: Watch): Promise<string[]> {
  if (!(await watched.drain())) return ['the queues did not empty'];
  return unlikeTheTable(() => watched.outside().totals());
}

/** For `check`: every accepted event was sent, with the outage behind it. */
export const allSent = ({ accepted, sent }: Books): string[] =>
  accepted > 0 && accepted === sent ? [] : [`${sent} of ${accepted} sent`];
