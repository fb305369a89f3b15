/** What `POST Messages.json` checks before anything else: the code of the first error, or undefined. */
export function refusalOf(form: URLSearchParams): number | undefined {
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  const service = form.get('MessagingServiceSid');
  const media = form.getAll('MediaUrl').filter(Boolean);
  const validity = form.get('ValidityPeriod');
  const contentSid = form.get('ContentSid');
  const callback = form.get('StatusCallback');

  if (!to) return 21604;
  if (!from && !service) return 21603;
  if (service && !/^MG[0-9a-fA-F]{32}$/.test(service)) return 21705;
  if (from && !isSender(from)) return 21212;
  if (!isRecipient(to)) return 21211;
  if (contentSid && !/^HX[0-9a-fA-F]{32}$/.test(contentSid)) return 21655;
  if (!isVariables(form.get('ContentVariables'))) return 21656;
  if (!form.get('Body') && media.length === 0 && !contentSid) return 21602;
  if ([...(form.get('Body') ?? '')].length > 1600) return 21617;
  if (media.length > 10) return 21623;
  if (!media.every(isHttpUrl)) return 21620;
  if (validity !== null && !isWithin(Number(validity), 1, 36_000)) return 21624;
  if (callback && !isCallbackUrl(callback)) return 21609;
  if (from && channelOf(from) !== channelOf(to)) return 63007;
  return magic(from, to);
}

/** The numbers that Twilio's own test credentials know. https://www.twilio.com/docs/iam/test-credentials */
function magic(from: string, to: string): number | undefined {
  const froms: Readonly<Record<string, number>> = {
    '+15005550000': 21606,
    '+15005550001': 21212,
    '+15005550007': 21606,
    '+15005550008': 21611,
  };
  const tos: Readonly<Record<string, number>> = {
    '+15005550001': 21211,
    '+15005550002': 21612,
    '+15005550003': 21408,
    '+15005550004': 21610,
    '+15005550009': 21614,
  };
  return froms[from] ?? tos[to];
}

/** `whatsapp`, `messenger`, …, or `` for a phone's own number. */
export const channelOf = (address: string): string => /^([a-z]+):/.exec(address)?.[1] ?? '';

const e164 = /^\+[1-9]\d{6,14}$/;
const isAddress = (address: string): boolean =>
  /^whatsapp:\+[1-9]\d{6,14}$|^(?!whatsapp:)[a-z]+:.+$/.test(address);
const isRecipient = (to: string): boolean => e164.test(to) || isAddress(to);
/** E.164, short code, alphanumeric sender of up to 11 characters with a letter, or a channel's address. */
const isSender = (from: string): boolean =>
  e164.test(from) ||
  /^\d{3,8}$/.test(from) ||
  /^(?=.*[A-Za-z])[A-Za-z0-9 +\-_&]{1,11}$/.test(from) ||
  isAddress(from);

const isWithin = (n: number, low: number, high: number): boolean =>
  Number.isInteger(n) && n >= low && n <= high;

const isHttpUrl = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Twilio wants a public host as well; the simulator also calls this machine. */
const isCallbackUrl = (text: string): boolean =>
  text.length <= 4000 && isHttpUrl(text) && !new URL(text).hostname.includes('_');

function isVariables(text: string | null): boolean {
  if (text === null || text === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
