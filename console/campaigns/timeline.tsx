import { number } from '../words.ts';
import { type Column, columnsOf, heightOf, type Layer, layers, type Row } from './totals.ts';

const HEIGHT = 160;
const STEP = 20;
const GAP = 3;

const names: Readonly<Record<Layer, string>> = {
  delivered: 'Delivered',
  sent: 'Sent, not confirmed',
  open: 'Waiting, held or in doubt',
  failed: 'Failed or undelivered',
};

function Bars({ column, at, scale }: { column: Column; at: number; scale: number }) {
  let top = HEIGHT;
  return (
    <g>
      <title>
        {`${column.name}: ${layers.map((layer) => `${names[layer]} ${number(column.counts[layer])}`).join(', ')}`}
      </title>
      {layers.map((layer) => {
        const height = column.counts[layer] * scale;
        top -= height;
        return (
          <rect
            key={layer}
            class={`layer ${layer}`}
            x={at * STEP + GAP / 2}
            y={top}
            width={STEP - GAP}
            height={height}
          />
        );
      })}
    </g>
  );
}

/** When the messages of a campaign were accepted, and how far they came. The table beside it has the same numbers. */
export function Timeline({ rows }: { rows: readonly Row[] }) {
  const columns = columnsOf(rows);
  const highest = Math.max(0, ...columns.map(heightOf));
  if (highest === 0) return null;
  const first = columns[0]?.name ?? '';
  const last = columns.at(-1)?.name ?? '';
  const width = Math.max(columns.length, 24) * STEP;
  return (
    <figure class="timeline">
      <svg
        viewBox={`0 0 ${width} ${HEIGHT}`}
        preserveAspectRatio="xMinYMax"
        role="img"
        aria-label={`Messages by ${first.length > 10 ? 'hour' : 'day'} of acceptance, from ${first} to ${last}; at most ${number(highest)}`}
      >
        {columns.map((column, at) => (
          <Bars key={column.name} column={column} at={at} scale={HEIGHT / highest} />
        ))}
      </svg>
      <figcaption>
        <span>
          {first} – {last}, at most {number(highest)}
        </span>
        {layers.map((layer) => (
          <span key={layer} class="key">
            <svg viewBox="0 0 10 10" aria-hidden="true">
              <rect class={`layer ${layer}`} width="10" height="10" />
            </svg>
            {names[layer]}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
