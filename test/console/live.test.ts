import { describe, expect, it } from 'vitest';
import { Problem } from '../../console/client.ts';
import { follow, type Loaded, nextDelay } from '../../console/live.ts';

/** A page whose timers are run by hand. */
function aPage() {
  let visible = true;
  let timer: { ms: number; what: () => void } | undefined;
  const listeners = new Set<() => void>();
  return {
    clock: {
      isVisible: () => visible,
      onVisible: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      after: (ms: number, what: () => void) => {
        timer = { ms, what };
        return () => {
          timer = undefined;
        };
      },
    },
    hide: () => {
      visible = false;
    },
    reveal: () => {
      visible = true;
      for (const listener of [...listeners]) listener();
    },
    delay: () => timer?.ms,
    /** Runs the timer that is set, and lets what it loads arrive. */
    tick: async () => {
      const due = timer;
      timer = undefined;
      due?.what();
      await settled();
    },
  };
}

const settled = async () => {
  for (let n = 0; n < 10; n += 1) await Promise.resolve();
};

function following<T>(
  answers: readonly (() => T)[],
  options: { everyMs?: number; isOver?: (data: T) => boolean } = { everyMs: 1000 },
) {
  const page = aPage();
  const shown: Loaded<T>[] = [];
  const signals: AbortSignal[] = [];
  const handle = follow(
    async (signal) => {
      signals.push(signal);
      const answer = answers[Math.min(signals.length, answers.length) - 1];
      if (answer === undefined) throw new Error('no answer');
      return answer();
    },
    (loaded) => shown.push(loaded),
    page.clock,
    options,
  );
  return { page, shown, signals, handle, calls: () => signals.length };
}

const failing = (status: number) => () => {
  throw new Problem(status, 'CODE', 'It failed.');
};

describe('following something', () => {
  it('asks again after a while, and more slowly while nothing changes', async () => {
    const { page, calls, shown } = following([() => 1, () => 1, () => 2]);
    await settled();
    expect(page.delay()).toBe(1000);
    await page.tick();
    expect(page.delay()).toBe(1500);
    await page.tick();
    expect([calls(), page.delay()]).toEqual([3, 1000]);
    expect(shown.at(-1)).toEqual({ kind: 'ready', data: 2 });
  });

  it('asks nothing while the page is hidden, and at once when it is shown again', async () => {
    const { page, calls } = following([() => 1]);
    await settled();
    page.hide();
    await page.tick();
    expect([calls(), page.delay()]).toEqual([1, undefined]);
    page.reveal();
    await settled();
    expect(calls()).toBe(2);
    page.reveal();
    await settled();
    expect(calls()).toBe(2);
  });

  it('keeps what it has when it fails, says so, and waits longer each time', async () => {
    const { page, shown } = following([() => 1, failing(503), failing(503), () => 3]);
    await settled();
    await page.tick();
    expect(shown.at(-1)).toMatchObject({ kind: 'ready', data: 1, problem: { status: 503 } });
    expect(page.delay()).toBe(2000);
    await page.tick();
    expect(page.delay()).toBe(4000);
    await page.tick();
    expect(shown.at(-1)).toEqual({ kind: 'ready', data: 3 });
    expect(page.delay()).toBe(1000);
  });

  it.each([401, 403, 422])('does not ask again after a %i', async (status) => {
    const { page, shown } = following([failing(status)]);
    await settled();
    expect(shown.at(-1)).toMatchObject({ kind: 'failed', problem: { status } });
    expect(page.delay()).toBeUndefined();
  });

  it('asks once where it is not to be followed, and ends with what changes no more', async () => {
    const once = following([() => 1], {});
    const over = following([() => 1, () => 2], { everyMs: 1000, isOver: (data) => data === 2 });
    await settled();
    expect(once.page.delay()).toBeUndefined();
    await over.page.tick();
    expect([over.calls(), over.page.delay()]).toEqual([2, undefined]);
  });

  it('shows nothing any more once it was stopped, and gives its request up', async () => {
    const { handle, shown, signals } = following([() => 1]);
    handle.stop();
    await settled();
    expect(shown).toEqual([]);
    expect(signals[0]?.aborted).toBe(true);
  });

  it('shows the answer of a refresh, not that of the request before it', async () => {
    const answers: ((value: number) => void)[] = [];
    const shown: unknown[] = [];
    const handle = follow(
      () => new Promise<number>((resolve) => answers.push(resolve)),
      (loaded) => shown.push(loaded),
      aPage().clock,
    );
    handle.refresh();
    answers[1]?.(2);
    await settled();
    answers[0]?.(1);
    await settled();
    expect(shown).toEqual([{ kind: 'ready', data: 2 }]);
  });

  it('never waits longer than a minute', () => {
    expect(nextDelay(1000, { failures: 50, unchanged: 0 })).toBe(60_000);
    expect(nextDelay(1000, { failures: 0, unchanged: 50 })).toBe(30_000);
    expect(nextDelay(45_000, { failures: 0, unchanged: 5 })).toBe(45_000);
  });
});
