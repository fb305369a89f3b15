import type { Channel } from './channel.ts';

/** Prefixes that providers put before an address, and the channel each stands for. */
const channelByPrefix: ReadonlyMap<string, Channel> = new Map([
  ['whatsapp', 'WHATSAPP'],
  ['wa', 'WHATSAPP'],
  ['messenger', 'FACEBOOK'],
  ['fb', 'FACEBOOK'],
  ['we', 'WECHAT'],
  ['rcs', 'RCS'],
]);

export type PrefixedAddress = {
  readonly channel: Channel | undefined;
  /** The address without its prefix. */
  readonly rest: string;
};

/**
 * Takes an address apart: `whatsapp:+1…` is `+1…` on WhatsApp. What stands before a colon and is no
 * channel's prefix (`channel:…`, `contact:…`) belongs to the address.
 */
export function splitPrefix(raw: string): PrefixedAddress {
  const [, prefix = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(raw) ?? [];
  const channel = channelByPrefix.get(prefix.toLowerCase());
  return channel === undefined ? { channel, rest: raw } : { channel, rest: rest.trim() };
}

/** The channel that an address names by its prefix, if it has one. */
export const channelOfAddress = (raw: string): Channel | undefined => splitPrefix(raw).channel;

/** `whatsapp:+1…` → `+1…`: addresses are kept and reported without the channel's prefix. */
export const bareAddress = (raw: string): string => splitPrefix(raw).rest;
