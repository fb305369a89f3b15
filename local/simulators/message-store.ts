import type * as z from 'zod';
import { type AppendLog, noLog, openLog, readLog } from './append-log.ts';
import { Waiters } from './waiters.ts';

export type StoreOptions<M> = {
  readonly schema: z.ZodType<M>;
  readonly idOf: (message: M) => string;
  /** What messages are looked up by besides their id. Must not change over a message's life. */
  readonly keysOf: (message: M) => readonly string[];
  /** How many are kept; the oldest are forgotten. */
  readonly keep: number;
  /** Where they survive a restart. */
  readonly file: string | undefined;
};

/** What a provider accepted, oldest first. */
export class MessageStore<M extends object> {
  readonly #options: StoreOptions<M>;
  readonly #byId = new Map<string, M>();
  readonly #idsByKey = new Map<string, Set<string>>();
  readonly #log: AppendLog;
  readonly #waiters = new Waiters();

  constructor(options: StoreOptions<M>) {
    this.#options = options;
    if (options.file)
      for (const line of readLog(options.file)) {
        const message = options.schema.safeParse(line);
        if (message.success) this.#keep(message.data);
      }
    this.#log = options.file ? openLog(options.file, this.#byId.values()) : noLog;
  }

  /** Adds the message or replaces it. On disk when this returns. */
  put(message: M): void {
    this.#log.append(message);
    this.#keep(message);
    this.#waiters.notify();
  }

  get(id: string): M | undefined {
    return this.#byId.get(id);
  }

  *withKey(key: string): Generator<M> {
    for (const id of this.#idsByKey.get(key) ?? []) {
      const message = this.#byId.get(id);
      if (message !== undefined) yield message;
    }
  }

  all(): M[] {
    return [...this.#byId.values()];
  }

  get size(): number {
    return this.#byId.size;
  }

  /** Waits for a message that fits, as it is or as it becomes. */
  waitFor(fits: (message: M) => boolean, timeoutMs?: number): Promise<M> {
    return this.#waiters.until(() => this.all().find(fits), 'a message at the provider', timeoutMs);
  }

  /** Waits until `look` gives something; it is asked again whenever a message changes. */
  until<T>(look: () => T | undefined | false, what: string, timeoutMs?: number): Promise<T> {
    return this.#waiters.until(look, what, timeoutMs);
  }

  forget(): void {
    this.#byId.clear();
    this.#idsByKey.clear();
    this.#log.clear();
  }

  close(): void {
    this.#log.close();
  }

  #keep(message: M): void {
    const id = this.#options.idOf(message);
    const isNew = !this.#byId.has(id);
    this.#byId.set(id, message);
    if (!isNew) return;
    for (const key of this.#options.keysOf(message)) {
      const ids = this.#idsByKey.get(key);
      if (ids) ids.add(id);
      else this.#idsByKey.set(key, new Set([id]));
    }
    if (this.#byId.size > this.#options.keep) this.#dropOldest();
  }

  #dropOldest(): void {
    const [oldest] = this.#byId;
    if (!oldest) return;
    const [id, message] = oldest;
    this.#byId.delete(id);
    for (const key of this.#options.keysOf(message)) {
      const ids = this.#idsByKey.get(key);
      ids?.delete(id);
      if (ids?.size === 0) this.#idsByKey.delete(key);
    }
  }
}
