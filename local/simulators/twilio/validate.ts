import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import * as z from 'zod';
import { isPrivateHost } from '../../../providers/private-host.ts';
import type { Content } from './contents.ts';

/** What a request is checked against besides itself. */
export type Account = {
  /** Numbers registered for WhatsApp. */
  readonly whatsappSenders: readonly string[];
  readonly templates: readonly Content[];
  /** Whether a callback to a loopback or private host is taken. */
  readonly mayCall: (callback: URL) => boolean;
};

/** What `POST Messages.json` checks before anything else: the code of the first error, or undefined. */
export function refusalOf(form: URLSearchParams, account: Account): number | undefined {
  return (
    addressRefusal(form) ??
    contentRefusal(form, account) ??
    optionRefusal(form, account) ??
    routeRefusal(form.get('From') ?? '', form.get('To') ?? '', account) ??
    magic(form.get('From') ?? '', form.get('To') ?? '')
  );
}

function addressRefusal(form: URLSearchParams): number | undefined {
  const to = form.get('To') ?? '';
  const from = form.get('From') ?? '';
  const service = form.get('MessagingServiceSid');
  if (!to) return 21604;
  if (!from && !service) return 21603;
  if (service && !/^MG[0-9a-fA-F]{32}$/.test(service)) return 21705;
  if (from && !isSender(from)) return 21212;
  if (isShortCode(to)) return 21265;
  return isRecipient(to) ? undefined : 21211;
}

function contentRefusal(form: URLSearchParams, { templates }: Account): number | undefined {
  const body = form.get('Body') ?? '';
  const media = form.getAll('MediaUrl').filter(Boolean);
  const contentSid = form.get('ContentSid');
  const variables = form.get('ContentVariables');
  if (contentSid && !templates.some(({ sid }) => sid === contentSid)) return 21655;
  if (variables && !contentSid) return 21654;
  if (!isVariables(variables)) return 21656;
  if (!body && media.length === 0 && !contentSid) return 21602;
  if ([...body].length > 1600) return 21617;
  if (media.length > 10) return 21623;
  return media.every(isHttpUrl) ? undefined : 21620;
}

function optionRefusal(form: URLSearchParams, { mayCall }: Account): number | undefined {
  const validity = form.get('ValidityPeriod');
  const callback = form.get('StatusCallback');
  if (validity !== null && !isWithin(validity, 1, 36_000)) return 21624;
  if (callback && !(isCallbackUrl(callback) && mayCall(new URL(callback)))) return 21609;
  if (form.get('FallbackFrom') && form.get('From')) return 21664;
  return form.get('FallbackFrom') && !form.get('MessagingServiceSid') ? 21666 : undefined;
}

/** Countries whose carriers take no alphanumeric senders. */
const withoutNames: readonly (string | undefined)[] = ['US', 'CA'];

/** Whether this sender may write to this recipient at all. Nothing of it is asked of a Messaging Service. */
function routeRefusal(from: string, to: string, { whatsappSenders }: Account): number | undefined {
  if (!from) return undefined;
  if (channelOf(from) !== channelOf(to)) return 21910;
  if (channelOf(from) === 'whatsapp' && !whatsappSenders.includes(withoutChannel(from))) {
    return 63007;
  }
  if (from === to) return channelOf(from) === '' ? 21266 : 63031;
  const isName = /[A-Za-z]/.test(from) && channelOf(from) === '';
  return isName && withoutNames.includes(parsePhoneNumberFromString(to)?.country)
    ? 21612
    : undefined;
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

const withoutChannel = (address: string): string => address.replace(/^[a-z]+:/, '');

const e164 = /^\+[1-9]\d{6,14}$/;
const isShortCode = (address: string): boolean => /^\d{3,8}$/.test(address);
const isAddress = (address: string): boolean =>
  /^whatsapp:\+[1-9]\d{6,14}$|^(?!whatsapp:)[a-z]+:.+$/.test(address);
const isRecipient = (to: string): boolean => e164.test(to) || isAddress(to);
/** E.164, short code, alphanumeric sender of up to 11 characters with a letter, or a channel's address. */
const isSender = (from: string): boolean =>
  e164.test(from) ||
  isShortCode(from) ||
  /^(?=.*[A-Za-z])[A-Za-z0-9 +\-_&]{1,11}$/.test(from) ||
  isAddress(from);

const isWithin = (text: string, low: number, high: number): boolean =>
  /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high;

const isHttpUrl = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const isCallbackUrl = (text: string): boolean =>
  text.length <= 4000 && isHttpUrl(text) && !new URL(text).hostname.includes('_');

/** Twilio calls public hosts only; the simulator also calls the stack that it belongs to. */
export const mayCall =
  (stackUrl: string | undefined, isAnyHostAllowed: boolean) =>
  (callback: URL): boolean =>
    isAnyHostAllowed ||
    !isPrivateHost(callback) ||
    (stackUrl !== undefined && callback.origin === new URL(stackUrl).origin);

function isVariables(text: string | null): boolean {
  if (text === null || text === '') return true;
  try {
    const value: unknown = JSON.parse(text);
    return z.record(z.string(), z.string()).safeParse(value).success;
  } catch {
    return false;
  }
}
