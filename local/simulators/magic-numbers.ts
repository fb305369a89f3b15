/**
 * How a recipient behaves is written in the last two digits of its number, whatever the country and
 * the rest of the number: +1 202 555 0180 has opted out, and so has +44 7700 900180. Every ending that
 * is not in this table belongs to someone ordinary. So a campaign of any size can be made of distinct
 * numbers with exact shares of each behaviour: see `recipient`.
 *
 * "First" means the first time this very message (recipient, text, reference) is sent: a retry goes
 * through, another message to the same number meets the same behaviour again.
 */
export const behaviours = {
  delivered: { ending: undefined, does: 'gets the message: sent, then delivered' },
  reads: {
    ending: 70,
    does: 'is in conversation (WhatsApp: wrote in the last 24 hours); delivered, then read where the channel can tell (not SMS or MMS)',
  },
  clicks: { ending: 71, does: 'delivered, then clicks a tracked link (SCG: CONVERTED)' },
  replies: { ending: 72, does: 'delivered, then answers "Thanks"' },
  late: { ending: 73, does: 'delivered, and the provider reports late' },
  silent: {
    ending: 74,
    does: 'delivered, and the provider never reports: only a look-up shows it',
  },
  'rejected-later': {
    ending: 75,
    does: 'accepted, later refused (Twilio: failed, 30008; SCG: the request is REJECTED and has no message)',
  },
  'opted-out': { ending: 80, does: 'has answered STOP (Twilio: 21610; SCG: later, 1005)' },
  invalid: { ending: 81, does: 'does not exist (Twilio: 21211; SCG: SCG_ERROR_40024)' },
  landline: { ending: 82, does: 'is a landline (Twilio: 21614; SCG: later, 1002)' },
  unreachable: { ending: 83, does: 'accepted, later undelivered (Twilio: 30003; SCG: 1009)' },
  filtered: { ending: 84, does: 'accepted, later undelivered as spam (Twilio: 30007; SCG: 1004)' },
  unknown: {
    ending: 85,
    does: 'accepted, later failed: no such handset (Twilio: 30005; SCG: 1002)',
  },
  'throttled-once': { ending: 86, does: 'first: 429, not accepted' },
  'throttled-always': { ending: 87, does: 'always 429, never accepted' },
  'unavailable-once': { ending: 88, does: 'first: 503, not accepted' },
  'bad-gateway-once': { ending: 89, does: 'first: 502 with a body that is not JSON, not accepted' },
  'hangs-once': { ending: 90, does: 'first: no answer, not accepted' },
  'resets-once': { ending: 91, does: 'first: connection reset, not accepted' },
  'accepted-then-hangs': { ending: 92, does: 'first: accepted, and the answer never comes' },
  'accepted-then-resets': { ending: 93, does: 'first: accepted, then connection reset' },
  'accepted-then-500': { ending: 94, does: 'first: accepted, then answered 500' },
} as const satisfies Record<string, { ending: number | undefined; does: string }>;

export type Behaviour = keyof typeof behaviours;

const isBehaviour = (name: string): name is Behaviour => name in behaviours;

const byEnding = new Map<string, Behaviour>(
  Object.keys(behaviours)
    .filter(isBehaviour)
    .flatMap((name): [string, Behaviour][] => {
      const { ending } = behaviours[name];
      return ending === undefined ? [] : [[String(ending), name]];
    }),
);

/** What the recipient at this address does. Prefixes (`whatsapp:`, `wa:`) do not matter. */
export const behaviourOf = (address: string): Behaviour =>
  byEnding.get(address.replace(/\D/g, '').slice(-2)) ?? 'delivered';

/** Area codes of the United States whose 555 numbers pass for valid. Not 202: the sample sender is one of its numbers. */
const areaCodes = [
  201, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228,
  229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301,
  302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321, 323,
  325, 330, 334, 336, 337, 339, 347, 351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408,
  409, 410, 412, 413, 414, 415, 417, 419, 423, 424, 425, 430, 432, 434, 435, 440, 443, 469, 470,
  478, 479, 480, 484, 501,
] as const;

/** 555-12xx holds directory assistance, 555-43xx one assigned number. */
const blocks = Array.from({ length: 99 }, (_, i) => i + 1).filter((n) => n !== 12 && n !== 43);

const ordinaryEndings = Array.from({ length: 70 }, (_, i) => i);

/**
 * The `index`-th recipient (from 0) who behaves so, in E.164. Distinct for every index up to 9,700 for
 * a behaviour of the table and 679,000 for `delivered`. The first 100 (7,000) are the 555-01xx numbers
 * kept for fiction, the others stay within the unassigned 555 exchange.
 */
export function recipient(behaviour: Behaviour, index: number): string {
  const { ending } = behaviours[behaviour];
  const endings = ending === undefined ? ordinaryEndings : [ending];
  const perBlock = endings.length * areaCodes.length;
  const block = blocks[Math.floor(index / perBlock)];
  const areaCode = areaCodes[Math.floor(index / endings.length) % areaCodes.length];
  const tail = endings[index % endings.length];
  if (block === undefined || areaCode === undefined || tail === undefined)
    throw new RangeError(
      `There are ${perBlock * blocks.length} recipients of "${behaviour}", no ${index}`,
    );
  return `+1${areaCode}555${twoDigits(block)}${twoDigits(tail)}`;
}

const twoDigits = (n: number): string => String(n).padStart(2, '0');
