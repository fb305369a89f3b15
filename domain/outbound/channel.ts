/** A way to a person's phone. The words users write after `CHANNEL:` in a creative. */
export const channels = ['SMS', 'MMS', 'WHATSAPP', 'WECHAT', 'RCS', 'FACEBOOK'] as const;
export type Channel = (typeof channels)[number];

/** Whether people have telephone numbers on this channel; elsewhere they have ids of the provider's. */
export const hasNumbers = (channel: Channel): boolean =>
  channel !== 'WECHAT' && channel !== 'FACEBOOK';
