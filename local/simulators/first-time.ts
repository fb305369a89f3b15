/** Remembers which messages came before, for the behaviours that happen once. Forgets the oldest beyond `keep`. */
export class FirstTime {
  readonly #seen = new Set<string>();
  readonly #keep: number;

  constructor(keep = 100_000) {
    this.#keep = keep;
  }

  isFirst(...parts: readonly string[]): boolean {
    const key = JSON.stringify(parts);
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    if (this.#seen.size > this.#keep) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return true;
  }
}
