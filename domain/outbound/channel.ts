import type { ProviderId } from '../provider-id.ts';

/** A way to a person's phone. The words users write after `CHANNEL:` in a creative. */
export const channels = ['SMS', 'MMS', 'WHATSAPP', 'WECHAT', 'RCS', 'FACEBOOK'] as const;
export type Channel = (typeof channels)[number];

/** Whether people have telephone numbers on this channel; elsewhere they have ids of the provider's. */
export const hasNumbers = (channel: Channel): boolean =>
  channel !== 'WECHAT' && channel !== 'FACEBOOK';

/** What one provider can carry; ingress refuses the rest so that it never costs a queue slot. */
export type Capabilities = {
  readonly channels: readonly Channel[];
  /** Longest body in characters, or undefined where the provider publishes no limit. */
  readonly maxBodyLength: number | undefined;
  /** Most media URLs in one message. */
  readonly maxMedia: number;
};

export const capabilities: Record<ProviderId, Capabilities> = {
  // Body: Twilio error 21617. Media: Twilio error 21623. Messenger is Twilio's name for Facebook.
  twilio: { channels: ['SMS', 'MMS', 'WHATSAPP', 'FACEBOOK'], maxBodyLength: 1600, maxMedia: 10 },
  // SCG publishes no body limit (SCG_ERROR_4005 reports one when it is met).
  scg: { channels: [...channels], maxBodyLength: undefined, maxMedia: 10 },
};
