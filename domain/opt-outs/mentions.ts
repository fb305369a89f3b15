import { normalise } from './normalise.ts';
import { unambiguous, unambiguousWithoutBlanks } from './words.ts';

/** Whether a text says how to opt out: by a word that means STOP and nothing else. */
export function mentionsOptOut(text: string): boolean {
  const normal = normalise(text);
  const padded = ` ${normal} `;
  return (
    unambiguous.some((word) => padded.includes(` ${word} `)) ||
    unambiguousWithoutBlanks.some((word) => normal.includes(word))
  );
}
