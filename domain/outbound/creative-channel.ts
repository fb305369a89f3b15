import { channelOfAddress } from './address-prefix.ts';
import { type Channel, channels } from './channel.ts';
import type { Creative } from './creative.ts';

export type ChannelChoice = {
  /** Undefined when CHANNEL is a word that we do not know. */
  readonly channel: Channel | undefined;
  /** What decided: a field, or `default`. */
  readonly source: 'CHANNEL' | 'TO' | 'FROM' | 'MEDIA_URLS' | 'default';
};

function named(creative: Creative): ChannelChoice {
  const word = creative.channel.toUpperCase();
  if (word !== '') {
    return { channel: channels.find((channel) => channel === word), source: 'CHANNEL' };
  }
  const ofTo = channelOfAddress(creative.to);
  if (ofTo !== undefined) return { channel: ofTo, source: 'TO' };
  const ofFrom = channelOfAddress(creative.from);
  if (ofFrom !== undefined) return { channel: ofFrom, source: 'FROM' };
  return { channel: 'SMS', source: 'default' };
}

/**
 * The channel named by CHANNEL, else by the prefix of an address, else MMS with media and SMS
 * without. Media make an SMS an MMS: both providers send it as one whatever it is called.
 */
export function chooseChannel(creative: Creative): ChannelChoice {
  const choice = named(creative);
  return choice.channel === 'SMS' && creative.mediaUrls.length > 0
    ? { channel: 'MMS', source: 'MEDIA_URLS' }
    : choice;
}
