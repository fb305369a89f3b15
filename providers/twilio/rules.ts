import type { ProviderRules } from '../../domain/outbound/provider-rules.ts';

const MESSAGING_SERVICE = /^MG[0-9a-f]{32}$/i;

export const isMessagingService = (sender: string): boolean => MESSAGING_SERVICE.test(sender);

export const twilioRules: ProviderRules = {
  id: 'twilio',
  // Body: error 21617. Media: error 21623. Messenger is Twilio's name for Facebook.
  capabilities: {
    channels: ['SMS', 'MMS', 'WHATSAPP', 'FACEBOOK'],
    maxBodyLength: 1600,
    maxMedia: 10,
    templates: true,
  },
  senders: {
    shapes: [MESSAGING_SERVICE],
    distinct: [{ shape: MESSAGING_SERVICE, name: 'a Messaging Service' }],
    settings: { standard: 'default_sender' },
  },
  keepsReference: false,
  // A callback names its tenant in its own URL, which Twilio signs.
  sharesWebhook: () => false,
};
