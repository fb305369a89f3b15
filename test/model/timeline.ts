/** Virtual time: what is planned happens in the order of its time, one thing after the other. */
export type Timeline = {
  /** ms since 1970. */
  readonly now: () => number;
  /** Plans something for `ms` from now. */
  readonly after: (ms: number, happen: () => void) => void;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets everything happen until nothing is planned any more. False when `atMost` happenings were not enough. */
  readonly run: (atMost: number) => Promise<boolean>;
};

type Planned = { readonly at: number; readonly no: number; readonly happen: () => void };

const isBefore = (a: Planned, b: Planned): boolean => a.at < b.at || (a.at === b.at && a.no < b.no);

/** A binary heap by time, then by the order in which things were planned. */
function heapOf() {
  const heap: Planned[] = [];
  const swap = (a: number, b: number) => {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  };
  const precedes = (a: number, b: number): boolean => {
    const [first, second] = [heap[a], heap[b]];
    return first !== undefined && second !== undefined && isBefore(first, second);
  };
  return {
    push: (planned: Planned) => {
      heap.push(planned);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (!precedes(at, parent)) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop: (): Planned | undefined => {
      swap(0, heap.length - 1);
      const first = heap.pop();
      for (let at = 0; ; ) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        const child = precedes(right, left) ? right : left;
        if (!precedes(child, at)) return first;
        swap(at, child);
        at = child;
      }
    },
  };
}

/** Lets every promise that can settle do so. Nothing here waits for a timer or a socket. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function timelineFrom(start: number): Timeline {
  const heap = heapOf();
  let now = start;
  let planned = 0;
  const after = (ms: number, happen: () => void) => {
    planned += 1;
    heap.push({ at: now + Math.max(0, ms), no: planned, happen });
  };
  return {
    now: () => now,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    run: async (atMost) => {
      await settled();
      for (let done = 0; done < atMost; done += 1) {
        const next = heap.pop();
        if (next === undefined) return true;
        now = next.at;
        next.happen();
        await settled();
      }
      return false;
    },
  };
}
