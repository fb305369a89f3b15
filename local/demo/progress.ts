import { SingleBar } from 'cli-progress';
import type { Progress, Waiting } from './run.ts';

export type ProgressView = {
  readonly show: (progress: Progress) => void;
  /** Everything has its outcome; CI360 has heard so much of it, and the rest is waited for. */
  readonly wait: (waiting: Waiting) => void;
  readonly end: () => void;
};

const SECONDS_BETWEEN_LINES = 5;

/** A moving bar on a terminal; elsewhere a line for every tenth. */
export function progressView(total: number, out: NodeJS.WriteStream): ProgressView {
  return out.isTTY ? bar(total, out) : lines(total, out);
}

function bar(total: number, stream: NodeJS.WriteStream): ProgressView {
  const view = new SingleBar({
    stream,
    format: '  {bar} {value}/{total} settled · {posted} posted · {duration_formatted}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
  });
  view.start(total, 0, { posted: 0 });
  let hasWaited = false;
  return {
    show: ({ posted, settled }) => view.update(settled, { posted }),
    wait: (waiting) => {
      view.stop();
      stream.clearLine(0);
      stream.cursorTo(0);
      stream.write(waitingText(waiting));
      hasWaited = true;
    },
    end: () => {
      view.stop();
      if (hasWaited) stream.write('\n');
    },
  };
}

function lines(total: number, out: NodeJS.WriteStream): ProgressView {
  let tenth = -1;
  let saidAt = Number.NEGATIVE_INFINITY;
  return {
    show: ({ posted, settled }) => {
      const reached = Math.floor((settled / total) * 10);
      if (reached === tenth) return;
      tenth = reached;
      out.write(`  ${settled}/${total} settled · ${posted} posted\n`);
    },
    wait: (waiting) => {
      if (waiting.seconds - saidAt < SECONDS_BETWEEN_LINES) return;
      saidAt = waiting.seconds;
      out.write(`${waitingText(waiting)}\n`);
    },
    end: () => {},
  };
}

const waitingText = ({ heard, queued, seconds }: Waiting) => {
  const left = queued === 0 ? '' : `, ${queued} more wait their turn`;
  return `  waiting for delivery reports and replies: ${heard} so far${left} · ${Math.round(seconds)} s`;
};
