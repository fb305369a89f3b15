import { WriteStream } from 'node:tty';
import { stripVTControlCharacters } from 'node:util';

export const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** A terminal's output in memory. */
export function aScreen(columns: number) {
  const pieces: string[] = [];
  let shownAtCtrlC: boolean | undefined;
  // What a terminal's stream has beside a plain one; its methods write escape sequences.
  const screen: NodeJS.WriteStream = Object.assign(Object.create(WriteStream.prototype), {
    isTTY: true,
    columns,
    rows: 24,
    write: (piece: string) => {
      pieces.push(piece);
      return true;
    },
    on: () => screen,
  });
  const text = () => pieces.join('');
  const cursorIsShown = () => text().lastIndexOf(SHOW_CURSOR) >= text().lastIndexOf(HIDE_CURSOR);
  return {
    screen,
    columns,
    written: text,
    /** Columns of the longest piece that was written, without what moves the cursor. */
    longestLine: () =>
      Math.max(...pieces.map((piece) => [...stripVTControlCharacters(piece).trimEnd()].length)),
    cursorIsShown,
    noteCtrlC: () => {
      shownAtCtrlC = cursorIsShown();
    },
    cursorShownAtCtrlC: () => shownAtCtrlC,
  };
}
export type Screen = ReturnType<typeof aScreen>;
