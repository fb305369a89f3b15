import Splitter from 'grapheme-splitter';
import type { Channel } from '../outbound/channel.ts';
import type { SmsSize } from '../outbound/ports.ts';
import { isGsm7, septetsOf } from './gsm7.ts';

/** Units that fit into an SMS, and into each part of a longer one, which also holds a header. */
const capacity = {
  'GSM-7': { single: 160, part: 153 },
  'UCS-2': { single: 70, part: 67 },
} as const;

/** How many parts these characters fill: none is divided between two parts. */
function parts(sizes: readonly number[], perPart: number): number {
  let count = 1;
  let used = 0;
  for (const size of sizes) {
    if (used + size > perPart) {
      count += 1;
      used = 0;
    }
    used += size;
  }
  return count;
}

/** What a person sees as one character, such as a flag. Providers keep these whole. */
const graphemes = (text: string): readonly string[] =>
  new Splitter()
    .splitGraphemes(text)
    .flatMap((grapheme) => (grapheme === '\r\n' ? ['\r', '\n'] : [grapheme]));

function countSegments(text: string): SmsSize {
  const encoding = isGsm7(text) ? 'GSM-7' : 'UCS-2';
  const { single, part } = capacity[encoding];
  if (encoding === 'UCS-2') {
    if (text.length <= single) return { encoding, segments: 1 };
    const sizes = graphemes(text).map(({ length }) => length);
    return { encoding, segments: parts(sizes, part) };
  }
  const sizes = Array.from(text, (character) => septetsOf(character) ?? 0);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return { encoding, segments: total <= single ? 1 : parts(sizes, part) };
}

/** The segments of an SMS; undefined on other channels, which have none, and of a template, whose text is not known here. */
export const segmentsOf = ({
  channel,
  body,
  template,
}: {
  readonly channel: Channel;
  readonly body: string;
  readonly template?: unknown;
}): SmsSize | undefined =>
  channel === 'SMS' && template === undefined ? countSegments(body) : undefined;
