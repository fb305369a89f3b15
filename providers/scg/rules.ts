import { channels } from '../../domain/outbound/channel.ts';
import type { ProviderRules } from '../../domain/outbound/provider-rules.ts';
import { hasDirectives } from './directives.ts';
import { isRawRcs, isReadableRcs } from './raw-rcs.ts';
import { sameWebhookAccess } from './webhook/access.ts';

const SENDER = /^(channel|sender_id):\s?\S{1,128}$/i;
/** SCG takes the id of a sender without `sender_id:` too. */
const BARE_SENDER = /^(?=.*[A-Za-z])[A-Za-z0-9_-]{1,64}$/;

export const scgRules: ProviderRules = {
  id: 'scg',
  // SCG publishes no body limit (SCG_ERROR_4005 reports one when it is exceeded).
  capabilities: {
    channels: [...channels],
    maxBodyLength: undefined,
    maxMedia: 10,
    templates: false,
    hasDirectives,
    bodyIssue: (body, channel) =>
      channel === 'RCS' && isRawRcs(body) && !isReadableRcs(body)
        ? "stands between '{' and '}' and is not a JSON object"
        : undefined,
  },
  senders: {
    shapes: [SENDER, BARE_SENDER],
    distinct: [{ shape: SENDER, name: 'a sender' }],
    settings: { standard: 'scg_default_sender', byCountry: 'scg_demo_senders' },
  },
  keepsReference: true,
  sharesWebhook: sameWebhookAccess,
};
