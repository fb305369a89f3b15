import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** One event of an execution's history, in the shape of AWS's GetExecutionHistory as far as we fill it. */
const historyEventSchema = z.object({
  id: z.number(),
  type: z.string(),
  /** Ms since 1970. */
  at: z.number(),
  /** For `…StateEntered` and `…StateExited`. */
  state: z.string().optional(),
  input: z.json().optional(),
  output: z.json().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
export type HistoryEvent = z.infer<typeof historyEventSchema>;

const startSchema = z.object({
  kind: z.literal('start'),
  arn: z.string(),
  name: z.string(),
  stateMachineArn: z.string(),
  input: z.string(),
  startedAt: z.number(),
});
const endSchema = z.object({
  kind: z.literal('end'),
  status: z.enum(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED_OUT']),
  stoppedAt: z.number(),
  output: z.string().optional(),
  error: z.string().optional(),
  cause: z.string().optional(),
});
const lineSchema = z.discriminatedUnion('kind', [
  startSchema,
  endSchema,
  z.object({ kind: z.literal('event'), event: historyEventSchema }),
]);
type JournalLine = z.infer<typeof lineSchema>;
export type ExecutionStart = z.infer<typeof startSchema>;
export type ExecutionEnd = z.infer<typeof endSchema>;

/** What executions did, a line each, so that a stack that was killed can go on where it was. */
export type Journal = {
  readonly append: (executionName: string, line: JournalLine) => void;
  readonly readAll: () => readonly (readonly JournalLine[])[];
};

/** Keeps nothing: executions end with the process. */
export const noJournal: Journal = { append: () => undefined, readAll: () => [] };

/** A file per execution under `directory`, written before the call returns; a line cut short by a kill is dropped. */
export function fileJournal(directory: string): Journal {
  mkdirSync(directory, { recursive: true });
  return {
    append: (executionName, line) =>
      appendFileSync(
        join(directory, `${encodeURIComponent(executionName)}.jsonl`),
        `${JSON.stringify(line)}\n`,
      ),
    readAll: () =>
      readdirSync(directory)
        .filter((file) => file.endsWith('.jsonl'))
        .sort()
        .map((file) => readLines(readFileSync(join(directory, file), 'utf8'))),
  };
}

function readLines(text: string): JournalLine[] {
  const lines: JournalLine[] = [];
  for (const raw of text.split('\n')) {
    try {
      lines.push(lineSchema.parse(JSON.parse(raw)));
    } catch {
      // The end of the file, or what a kill left of the last line.
    }
  }
  return lines;
}
