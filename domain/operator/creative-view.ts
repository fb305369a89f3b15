import type { CreativeCheck } from '../content/check.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { RulesOfProviders } from '../outbound/provider-rules.ts';
import type { ProviderId } from '../provider-id.ts';
import type { CreativeCheckAnswer } from './answers/creatives.ts';

function senderSource(request: MessageRequest, providers: RulesOfProviders): string {
  const { standard, byCountry } = providers[request.provider].senders.settings;
  switch (request.fromSource) {
    case 'creative':
      return 'FROM';
    case 'demo':
      return byCountry ?? standard;
    case 'default':
      return standard;
  }
}

/** `+120255501..`: the author recognises it, and a screenshot gives nobody away. */
const shortened = (address: string): string => `${address.slice(0, -2)}..`;

/** A check as it is answered. */
export function viewOfCheck(
  check: CreativeCheck,
  of: {
    readonly tenantId: string;
    readonly provider: ProviderId;
    readonly currency: string;
    readonly providers: RulesOfProviders;
  },
): CreativeCheckAnswer {
  const { tenantId, provider, currency } = of;
  const { first, price } = check;
  const request = first?.request;
  return {
    tenantId,
    provider,
    ok: check.errors.length === 0,
    messages: check.messages,
    channel: first ? { value: first.request.channel, source: first.channelSource } : null,
    to: request ? { value: shortened(request.to), source: 'TO' } : null,
    from: request ? { value: request.from, source: senderSource(request, of.providers) } : null,
    body: request?.body ?? null,
    mediaUrls: request?.mediaUrls ?? [],
    segments: check.segments ?? null,
    encoding: check.encoding ?? null,
    offendingCharacters: [...check.offending],
    estimate: price ? { ...price, currency } : null,
    errors: [...check.errors],
    warnings: [...check.warnings],
  };
}
