import { septetsOf } from './gsm7.ts';

/**
 * What Twilio's Smart Encoding puts for which characters, as far as Unicode's compatibility forms
 * (NFKC) do not make the two equal anyway: wide letters, small signs, blanks. Marks and controls that
 * cannot be seen are written by their numbers.
 * https://www.twilio.com/docs/messaging/services/smart-encoding-char-list
 */
const replacements: readonly (readonly [by: string, characters: string])[] = [
  ['', '\u0000\u0003\u0004\u0010\u0011\u0012\u0013\u0014\u0017\u0019'],
  [' ', '\u0080\u008d\u0090\u009b\u009f'],
  ['"', '«»ʺˮ“”„‟❝❞〝〞'],
  ["'", '`´ʹʻʼʽˈˊˋ\u0313\u0314‘’‛❛❜︐︑'],
  ['<', '‹'],
  ['>', '›'],
  ['-', '‐–—―•⁃⎼⎽'],
  [',', '\u0326‚、﹑､'],
  ['.', '。｡'],
  [':', 'ː˸⦂꞉'],
  [';', '⁏'],
  ['!', 'ǃ'],
  ['_', '\u0332‗'],
  ['(', '❨❪⟮⦅'],
  [')', '❩❫⟯⦆'],
  ['{', '❴'],
  ['}', '❵'],
  ['/', '÷\u0337\u0338⁄∕⧸'],
  ['\\', '\u20e5⧵⧹'],
  ['|', '\u20d2\u20d3∣⎜⎟⎸⎹⏐'],
  ['*', '⁎∗⊛✢✣✤✥✱✲✳✺✻✼✽❃❉❊❋⧆'],
  ['+', '˖'],
  ['=', '\u0347꞊'],
  ['^', 'ˆ\u0302\u1dcd'],
  ['~', '˜˷\u0303\u0330\u0334∼'],
  ['1/4', '¼'],
  ['1/2', '½'],
  ['3/4', '¾'],
];

/** Twilio turns small capitals into capitals; they have no order of their own. */
const SMALL_CAPITALS = 'ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ';
const CAPITALS = 'ABCDEFGHIJKLMNOPRSTUVWYZ';

const table: ReadonlyMap<string, string> = new Map([
  ...replacements.flatMap(([by, from]) => [...from].map((character) => [character, by] as const)),
  ...[...SMALL_CAPITALS].map((small, at) => [small, CAPITALS.charAt(at)] as const),
]);

/** What stands in for a character: its row of the table, or the character itself. */
export const replaced = (text: string): string =>
  Array.from(text, (character) => table.get(character) ?? character).join('');

/** Characters that take no room on a screen, such as a zero-width space. */
const INVISIBLE = /^\p{Cf}$/u;

function smartCharacter(character: string): string {
  if (septetsOf(character) !== undefined) return character;
  if (INVISIBLE.test(character)) return '';
  if (/\s/.test(character)) return ' ';
  return table.get(character) ?? character.normalize('NFKC');
}

/** The text with typographic characters replaced by those of GSM-7 that mean the same: quotes, dashes, blanks. */
export const smartEncoded = (text: string): string =>
  Array.from(text.normalize('NFC'), smartCharacter).join('');
