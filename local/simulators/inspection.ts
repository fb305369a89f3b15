import * as z from 'zod';
import { type AppendLog, noLog, openLog, readLog } from './append-log.ts';
import { Waiters } from './waiters.ts';

const entrySchema = z.object({
  /** ISO 8601, when it was received. */
  at: z.string(),
  method: z.string(),
  /** With mount prefix and query. */
  path: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  body: z.string(),
  /** What was answered; null while, or because, there is no answer. */
  status: z.number().nullable(),
});
export type InspectionEntry = z.infer<typeof entrySchema>;

const lineSchema = z.union([
  z.object({ n: z.number(), entry: entrySchema }),
  z.object({ n: z.number(), status: z.number() }),
]);

/** What one simulator received, as received: credentials included. Keeps the last `keep` requests. */
export class Inspection {
  readonly #entries = new Map<number, InspectionEntry>();
  readonly #keep: number;
  readonly #log: AppendLog;
  readonly #waiters = new Waiters();
  #next = 0;

  constructor(keep: number, file: string | undefined) {
    this.#keep = keep;
    if (file) this.#load(file);
    this.#log = file ? openLog(file, this.#lines()) : noLog;
  }

  /** Notes a request; the function it gives back notes its answer. */
  received(entry: Omit<InspectionEntry, 'status'>): (status: number) => void {
    const n = this.#add({ ...entry, status: null });
    this.#log.append({ n, entry: { ...entry, status: null } });
    this.#waiters.notify();
    return (status) => {
      this.#answered(n, status);
      this.#log.append({ n, status });
      this.#waiters.notify();
    };
  }

  entries(): IterableIterator<InspectionEntry> {
    return this.#entries.values();
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Waits until some request received so far or later fits, and gives it back. */
  waitFor(fits: (entry: InspectionEntry) => boolean, timeoutMs?: number): Promise<InspectionEntry> {
    return this.#waiters.until(
      () => [...this.#entries.values()].find(fits),
      'a request to a simulator',
      timeoutMs,
    );
  }

  forget(): void {
    this.#entries.clear();
    this.#log.clear();
  }

  close(): void {
    this.#log.close();
  }

  #add(entry: InspectionEntry): number {
    const n = this.#next++;
    this.#entries.set(n, entry);
    if (this.#entries.size > this.#keep) this.#entries.delete(n - this.#keep);
    return n;
  }

  #answered(n: number, status: number): void {
    const entry = this.#entries.get(n);
    if (entry) this.#entries.set(n, { ...entry, status });
  }

  *#lines(): Generator<z.infer<typeof lineSchema>> {
    for (const [n, entry] of this.#entries) yield { n, entry };
  }

  #load(file: string): void {
    for (const line of readLog(file).map((each) => lineSchema.safeParse(each))) {
      if (!line.success) continue;
      if ('entry' in line.data) {
        this.#next = line.data.n;
        this.#add(line.data.entry);
      } else this.#answered(line.data.n, line.data.status);
    }
  }
}
