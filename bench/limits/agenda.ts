/** What happens when, soonest first: a binary heap. Times in seconds from the start. */
export class Agenda {
  readonly #entries: { readonly at: number; readonly run: () => void }[] = [];
  #now = 0;

  get now(): number {
    return this.#now;
  }

  add(at: number, run: () => void): void {
    const entries = this.#entries;
    const entry = { at, run };
    let place = entries.length;
    entries.push(entry);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = entries[parent];
      if (above === undefined || above.at <= at) break;
      entries[place] = above;
      place = parent;
    }
    entries[place] = entry;
  }

  /** Runs everything that is due until nothing is left or `isOver` says so. */
  run(isOver: () => boolean): void {
    for (let next = this.#take(); next; next = this.#take()) {
      this.#now = next.at;
      next.run();
      if (isOver()) return;
    }
  }

  #take() {
    const entries = this.#entries;
    const first = entries[0];
    const last = entries.pop();
    if (first === undefined || last === undefined || entries.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const right = left + 1;
      const [a, b] = [entries[left], entries[right]];
      const child = b !== undefined && a !== undefined && b.at < a.at ? right : left;
      const below = entries[child];
      if (below === undefined || below.at >= last.at) break;
      entries[place] = below;
      place = child;
    }
    entries[place] = last;
    return first;
  }
}
