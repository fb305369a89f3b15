import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import * as z from 'zod';
import { CliError, exitCodes } from './exit.ts';

/** A line of a list that can be sent to the service. */
export type FileRow = {
  readonly line: number;
  readonly number: string;
  readonly state: 'opted-out' | 'opted-in';
  readonly at: string;
  readonly source?: string;
  readonly note?: string;
};
export type RefusedLine = { readonly line: number; readonly field: string; readonly issue: string };
export type Line = FileRow | RefusedLine;

export const isRefused = (line: Line): line is RefusedLine => 'issue' in line;

const columns = ['number', 'state', 'at', 'source', 'note'] as const;
const needed: readonly string[] = ['number', 'state', 'at'];

const blank = z.literal('').transform(() => undefined);
const rowSchema = z.object({
  number: z
    .string()
    .min(1, 'is missing')
    .max(64, 'is longer than 64 characters')
    .refine((text) => !/^[\d.,]+E\+?\d+$/i.test(text), {
      error:
        'is in scientific notation, so digits are lost: format the column as text in the spreadsheet and export it again',
    }),
  state: z
    .string()
    .transform((text) => text.toLowerCase().replace(/[\s_]+/g, '-'))
    .pipe(z.enum(['opted-out', 'opted-in'], 'is opted-out or opted-in')),
  at: z.union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    'is a time such as 2026-11-01T09:30:00Z, or a date',
  ),
  source: z.union([blank, z.string().max(64, 'is longer than 64 characters')]).optional(),
  note: z.union([blank, z.string().max(256, 'is longer than 256 characters')]).optional(),
});

/** A date counts from its first moment in UTC. */
const asTime = (at: string): string => (at.includes('T') ? at : `${at}T00:00:00Z`);

function read(record: unknown, line: number): Line {
  const parsed = rowSchema.safeParse(record);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { line, field: String(issue?.path[0] ?? ''), issue: issue?.message ?? 'is wrong' };
  }
  const { number, state, at, source, note } = parsed.data;
  return {
    line,
    number,
    state,
    at: asTime(at),
    ...(source === undefined ? {} : { source }),
    ...(note === undefined ? {} : { note }),
  };
}

/** The names of the columns, in lower case; without those that are needed the file is refused. */
function headerOf(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length === 0) return names;
  throw new CliError(
    exitCodes.usage,
    `The first line must name the columns ${columns.join(', ')} (the last two may be left out). Missing: ${missing.join(', ')}.`,
  );
}

/**
 * The lines of a CSV file, one at a time, so that a file of a million lines needs no more memory than a short
 * one. Commas, semicolons and tabs separate; a byte order mark is skipped.
 */
export async function* linesOf(path: string): AsyncGenerator<Line> {
  const parser = createReadStream(path).pipe(
    parse({
      bom: true,
      columns: headerOf,
      delimiter: [',', ';', '\t'],
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      info: true,
    }),
  );
  try {
    for await (const { record, info } of parser) yield read(record, info.lines);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new CliError(exitCodes.usage, `${path} cannot be read as CSV: ${reason}`);
  }
}
