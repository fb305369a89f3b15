// Twilio's own package for counting segments: the table that it publishes, and no table of ours.
import published from 'sms-segments-calculator/dist/libs/SmartEncodingMap.js';
import * as z from 'zod';

const { default: table } = z.object({ default: z.record(z.string(), z.string()) }).parse(published);

/** A text as Twilio keeps and sends it where Smart Encoding is switched on. */
export const smartEncoded = (text: string): string =>
  Array.from(text, (character) => table[character] ?? character).join('');
