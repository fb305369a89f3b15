import { setTimeout as delay } from 'node:timers/promises';

/** Lets tests wait for a state instead of sleeping. Changes are looked at once per turn of the event loop. */
export class Waiters {
  readonly #waiting = new Set<() => void>();
  #scheduled = false;

  /** Something changed. */
  notify(): void {
    if (this.#scheduled || this.#waiting.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      for (const look of [...this.#waiting]) look();
    });
  }

  /** Resolves with the first result that is not undefined or false. Rejects after `timeoutMs`, naming `what`. */
  async until<T>(look: () => T | undefined | false, what: string, timeoutMs = 20_000): Promise<T> {
    const now = look();
    if (now !== undefined && now !== false) return now;
    const timeout = new AbortController();
    let check: (() => void) | undefined;
    try {
      return await Promise.race([
        new Promise<T>((resolve, reject) => {
          check = () => {
            try {
              const result = look();
              if (result !== undefined && result !== false) resolve(result);
            } catch (error) {
              reject(error);
            }
          };
          this.#waiting.add(check);
        }),
        delay(timeoutMs, undefined, { signal: timeout.signal }).then((): never => {
          throw new Error(`Waited ${timeoutMs} ms in vain for ${what}`);
        }),
      ]);
    } finally {
      timeout.abort();
      if (check) this.#waiting.delete(check);
    }
  }
}
