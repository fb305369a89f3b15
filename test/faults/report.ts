import Table from 'cli-table3';
import { failures } from './rig/books.ts';
import type { Result } from './scenario.ts';

const columns = [
  'scenario',
  'accepted',
  'sent',
  'failed',
  'expired',
  'unknown left',
  'lost',
  'duplicated',
  'seconds',
] as const;

const cells = ({ name, books, seconds }: Result): string[] => [
  name,
  String(books.accepted),
  String(books.sent),
  String(failures(books)),
  String(books.expired),
  String(books.unknown),
  String(books.lost),
  String(books.duplicated),
  seconds.toFixed(1),
];

/** The table for people, and below it what did not hold. */
export function resultText(results: readonly Result[]): string {
  const table = new Table({
    head: [...columns],
    style: { head: [], border: [] },
    colAligns: columns.map((_, index) => (index === 0 ? 'left' : 'right')),
  });
  for (const result of results) table.push(cells(result));
  const broken = results.flatMap(({ name, broken, invariant }) =>
    broken.length === 0 ? [] : [`${name}: ${broken.join('; ')}\n  must hold: ${invariant}`],
  );
  return [table.toString(), ...broken].join('\n');
}

export function resultMarkdown(results: readonly Result[]): string {
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  return [
    row(columns),
    row(columns.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...results.map((result) => row(cells(result))),
  ].join('\n');
}

export const holds = (results: readonly Result[]): boolean =>
  results.every(({ broken }) => broken.length === 0);
