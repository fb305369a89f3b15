/** Writes one line of what happened; the line is only made when someone reads it. */
export type Trace = (line: () => string) => void;

export const noTrace: Trace = () => {};

/** Keeps lines with the virtual time before them, as `0:12:03.250  …`. */
export function tracing(lines: string[], now: () => number, start: () => number): Trace {
  return (line) => {
    const ms = now() - start();
    const [hours, minutes] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60];
    const seconds = ((ms % 60_000) / 1000).toFixed(3).padStart(6, '0');
    lines.push(`${hours}:${String(minutes).padStart(2, '0')}:${seconds}  ${line()}`);
  };
}
