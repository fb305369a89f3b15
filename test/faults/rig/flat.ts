import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

const signSchema = z.object({ heap: z.number(), handles: z.number() });
type Sign = z.infer<typeof signSchema>;

const MB = 1024 * 1024;
/** What the noise of garbage collection and of keep-alive connections comes to. */
const HEAP_SLACK = 24 * MB;
const HANDLE_SLACK = 40;
/** Seconds. In a shorter run a heap that has not been collected yet looks like one that grows. */
const ENOUGH = 240;

/**
 * Whether a function keeps more and more: its lowest heap, and its lowest count of handles, late in the
 * run against those early in it (after the first tenth, which is warming up).
 */
export function grown(name: string, signs: readonly Sign[]): string[] {
  if (signs.length < ENOUGH) return [];
  const third = Math.floor(signs.length / 3);
  const early = signs.slice(Math.floor(signs.length / 10), third);
  const late = signs.slice(-third);
  const lowest = (of: keyof Sign, among: readonly Sign[]) =>
    Math.min(...among.map((sign) => sign[of]));
  const heap = lowest('heap', late) - lowest('heap', early);
  const handles = lowest('handles', late) - lowest('handles', early);
  return [
    ...(heap > HEAP_SLACK ? [`${name} keeps ${Math.round(heap / MB)} MB more than before`] : []),
    ...(handles > HANDLE_SLACK ? [`${name} keeps ${handles} handles more than before`] : []),
  ];
}

/** What the functions noted of themselves in a directory (`vital-signs.ts`). */
export async function whatGrew(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const name of await readdir(directory)) {
    const lines = (await readFile(join(directory, name), 'utf8')).trim().split('\n');
    found.push(
      ...grown(
        name,
        lines.map((line) => signSchema.parse(JSON.parse(line))),
      ),
    );
  }
  return found;
}
