import { Problem } from './client.ts';

/** Something that is asked of the service, as far as it is known. */
export type Loaded<T> =
  | { readonly kind: 'loading' }
  /** With `problem`, the data is of an earlier moment: the last attempt failed. */
  | { readonly kind: 'ready'; readonly data: T; readonly problem?: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What following needs of the page. */
export type PageClock = {
  readonly isVisible: () => boolean;
  /** Calls when the page becomes visible; returns how to stop that. */
  readonly onVisible: (listener: () => void) => () => void;
  /** Calls after a time; returns how to stop that. */
  readonly after: (ms: number, what: () => void) => () => void;
};

const LONGEST_AFTER_FAILURE_MS = 60_000;
/** While nothing changes it is asked less often, up to this. */
const LONGEST_UNCHANGED_MS = 30_000;

/** How long to wait until it is asked again. */
export function nextDelay(
  everyMs: number,
  { failures, unchanged }: { readonly failures: number; readonly unchanged: number },
): number {
  if (failures > 0) return Math.min(everyMs * 2 ** failures, LONGEST_AFTER_FAILURE_MS);
  return Math.min(everyMs * 1.5 ** unchanged, Math.max(LONGEST_UNCHANGED_MS, everyMs));
}

const toProblem = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'UNEXPECTED', 'The page had an error.');

/** A refusal that asking again does not change. */
const isLasting = ({ status }: Problem): boolean =>
  status >= 400 && status < 500 && status !== 429 && status !== 404;

/**
 * Loads something and follows it while the page is visible: more slowly while it does not change or cannot be had.
 * Without `everyMs` it is loaded once.
 */
export function follow<T>(
  load: (signal: AbortSignal) => Promise<T>,
  show: (loaded: Loaded<T>) => void,
  clock: PageClock,
  {
    everyMs,
    isOver = () => false,
  }: {
    readonly everyMs?: number | undefined;
    /** Whether it changes no more. */
    readonly isOver?: ((data: T) => boolean) | undefined;
  } = {},
): { readonly refresh: () => void; readonly stop: () => void } {
  let current: Loaded<T> = { kind: 'loading' };
  let seen = '';
  let failures = 0;
  let unchanged = 0;
  let abort = new AbortController();
  let cancel = () => {};

  const set = (loaded: Loaded<T>) => {
    current = loaded;
    show(loaded);
  };

  function settle(data: T) {
    const now = JSON.stringify(data);
    unchanged = now === seen ? unchanged + 1 : 0;
    seen = now;
    failures = 0;
    set({ kind: 'ready', data });
    return !isOver(data);
  }

  function fail(error: unknown) {
    const problem = toProblem(error);
    failures += 1;
    set(current.kind === 'ready' ? { ...current, problem } : { kind: 'failed', problem });
    return !isLasting(problem);
  }

  function wait() {
    if (everyMs === undefined) return;
    cancel = clock.after(nextDelay(everyMs, { failures, unchanged }), () => {
      if (clock.isVisible()) void run();
      else {
        cancel = clock.onVisible(() => {
          cancel();
          void run();
        });
      }
    });
  }

  async function run() {
    cancel();
    abort.abort();
    const mine = new AbortController();
    abort = mine;
    let goesOn: boolean;
    try {
      const data = await load(mine.signal);
      if (mine.signal.aborted) return;
      goesOn = settle(data);
    } catch (error) {
      if (mine.signal.aborted) return;
      goesOn = fail(error);
    }
    if (goesOn) wait();
  }

  void run();
  return {
    refresh: () => {
      unchanged = 0;
      void run();
    },
    stop: () => {
      cancel();
      abort.abort();
    },
  };
}
