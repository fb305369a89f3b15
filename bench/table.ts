/** What one measurement shows: printed as Markdown for people, as JSON for programs. */
export type Table = {
  /** Part of the JSON's contract: `calls`, `cost`, … */
  readonly name: string;
  readonly title: string;
  /** What was done and how to read it, a paragraph each. */
  readonly about: readonly string[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
};

/** Numbers are rounded where they are made; `null` means that there is nothing to show. */
type Cell = string | number | null;

const cell = (value: Cell): string =>
  value === null ? '' : typeof value === 'number' ? value.toLocaleString('en-US') : value;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function toMarkdown({ title, about, columns, rows }: Table): string {
  const isNumber = (at: number) => rows.every((row) => typeof (row[at] ?? 0) === 'number');
  return [
    `### ${title}`,
    ...about,
    [
      line(columns),
      line(columns.map((_, at) => (isNumber(at) ? '---:' : '---'))),
      ...rows.map((row) => line(row.map(cell))),
    ].join('\n'),
  ].join('\n\n');
}

/** One object a row, by the columns' names. */
export const toJson = ({ name, title, columns, rows }: Table) => ({
  name,
  title,
  rows: rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]]))),
});

/** To so many significant digits: a measurement has no more than two or three. */
export const significant = (value: number, digits = 3): number =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;

export const round = (value: number, decimals: number): number => Number(value.toFixed(decimals));
