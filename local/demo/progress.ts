import { SingleBar } from 'cli-progress';
import type { Progress } from './run.ts';

export type ProgressView = {
  readonly show: (progress: Progress) => void;
  readonly end: () => void;
};

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
  return {
    show: ({ posted, settled }) => view.update(settled, { posted }),
    end: () => view.stop(),
  };
}

function lines(total: number, out: NodeJS.WriteStream): ProgressView {
  let tenth = -1;
  return {
    show: ({ posted, settled }) => {
      const reached = Math.floor((settled / total) * 10);
      if (reached === tenth) return;
      tenth = reached;
      out.write(`  ${settled}/${total} settled · ${posted} posted\n`);
    },
    end: () => {},
  };
}
