import type { ComponentChildren } from 'preact';
import type { Problem } from '../client.ts';
import type { Loaded } from '../live.ts';
import { number, toneOf, utc } from '../words.ts';

/** A time in UTC. */
export const Time = ({ at }: { at: string | null | undefined }) =>
  at ? <time dateTime={at}>{utc(at)}</time> : <span>–</span>;

export const Badge = ({ status }: { status: string }) => (
  <span class={`badge ${toneOf(status)}`}>{status}</span>
);

export const ProblemNote = ({ problem }: { problem: Problem }) => (
  <p class="note bad" role="alert">
    {problem.message}
    {problem.requestId ? <small> Request {problem.requestId}</small> : null}
  </p>
);

/** What is loaded: a line while it is on its way, the reason where it cannot be had, else the children. */
export function Show<T>({
  of: loaded,
  children,
  onRetry,
}: {
  of: Loaded<T>;
  children: (data: T) => ComponentChildren;
  onRetry?: () => void;
}) {
  switch (loaded.kind) {
    case 'loading':
      return <p class="loading">Loading …</p>;
    case 'failed':
      return (
        <div>
          <ProblemNote problem={loaded.problem} />
          {onRetry ? <Button onClick={onRetry}>Try again</Button> : null}
        </div>
      );
    case 'ready':
      return (
        <>
          {loaded.problem ? (
            <p class="note warn" role="alert">
              This is not up to date. {loaded.problem.message}
            </p>
          ) : null}
          {children(loaded.data)}
        </>
      );
  }
}

export const Empty = ({ children }: { children: ComponentChildren }) => (
  <p class="empty">{children}</p>
);

export type Column<Row> = {
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
};

/** A table. It scrolls sideways in its own frame where the screen is narrow. */
export function Table<Row>({
  caption,
  columns,
  rows,
  keyOf,
}: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ title, isNumber }) => (
              <th key={title} scope="col" class={isNumber ? 'number' : ''}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map(({ title, cell, isNumber }) => (
                <td key={title} class={isNumber ? 'number' : ''}>
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Names and values. Those without a value are left out. */
export const Facts = ({ of }: { of: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="facts">
    {of
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);

export function Button({
  children,
  onClick,
  kind = 'plain',
  disabled = false,
  submits = false,
}: {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'plain' | 'main' | 'danger';
  disabled?: boolean;
  submits?: boolean;
}) {
  return (
    <button
      type={submits ? 'submit' : 'button'}
      class={kind}
      disabled={disabled}
      {...(onClick ? { onClick } : {})}
    >
      {children}
    </button>
  );
}

/** A bar that is filled to a share. What it shows is also written beside it. */
export const Bar = ({ part, whole, tone }: { part: number; whole: number; tone: string }) => (
  <svg class={`bar ${tone}`} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rest" width="100" height="8" />
    <rect class="fill" width={whole === 0 ? 0 : (100 * part) / whole} height="8" />
  </svg>
);

export const Count = ({ of }: { of: number }) => (
  <span class={of === 0 ? 'zero' : ''}>{number(of)}</span>
);
