import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallbackMode } from './fault.ts';
import { Waiters } from './waiters.ts';

export type CallbackTimings = {
  /** Between two states of a message. */
  readonly stepMs: number;
  /** Before the first state when callbacks are late. */
  readonly lateMs: number;
};

/** The further life of one message. */
export type MessageLife = {
  /** Steps still to come, as indices into the message's plan. */
  readonly steps: readonly number[];
  readonly mode: CallbackMode;
  /** The message reaches this step. */
  readonly reach: (step: number) => void;
  /** Reports this step to the connector. Never throws. */
  readonly tell: (step: number) => Promise<void>;
  readonly after?: () => Promise<void>;
};

/** Lets messages live on after they were accepted, each at its own pace. */
export class CallbackRunner {
  readonly #timings: CallbackTimings;
  readonly #closing = new AbortController();
  readonly #waiters = new Waiters();
  #running = 0;

  constructor(timings: CallbackTimings) {
    this.#timings = timings;
    setMaxListeners(0, this.#closing.signal);
  }

  /** Resolves when the life is over. Await it only to have the callbacks before the answer. */
  async run(life: MessageLife): Promise<void> {
    this.#running++;
    try {
      await this.#live(life);
    } catch (error) {
      if (!this.#closing.signal.aborted) throw error;
    } finally {
      this.#running--;
      this.#waiters.notify();
    }
  }

  /** Waits until no message has a callback outstanding. */
  async idle(timeoutMs?: number): Promise<void> {
    await this.#waiters.until(() => this.#running === 0, 'all callbacks to be sent', timeoutMs);
  }

  close(): void {
    this.#closing.abort();
  }

  async #live({ steps, mode, reach, tell, after }: MessageLife): Promise<void> {
    const order = mode === 'reversed' ? steps.toReversed() : steps;
    if (mode === 'late') await this.#wait(this.#timings.lateMs);
    for (const step of order) {
      if (mode !== 'before-answer') await this.#wait(this.#timings.stepMs);
      this.#closing.signal.throwIfAborted();
      reach(step);
      if (mode === 'never') continue;
      await tell(step);
      if (mode === 'twice') await tell(step);
    }
    await after?.();
  }

  #wait(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.#closing.signal });
  }
}
