import { randomUUID } from 'node:crypto';
import { type ProviderId, providerIds } from '../../../domain/provider-id.ts';
import { outboundEvent } from '../../../local/demo/event.ts';
import { type Behaviour, recipient } from '../../../local/simulators/magic-numbers.ts';
import type { PostedEvent } from './post.ts';

/** The tenants of every scenario. */
export const tenants = ['tenant-a', 'tenant-b'] as const;

export type CampaignOptions = {
  /** How the recipients behave; default: they get the message. */
  readonly behaviour?: Behaviour;
  /** Default: both, in turn. */
  readonly provider?: ProviderId;
  /** ms since 1970; default now. */
  readonly generatedAt?: number;
  /** Header fields of the creative beside TO, such as `FROM:+12025550101;`. */
  readonly header?: string;
  /** What the message says; default a text that no other message has. */
  readonly text?: (guid: string, index: number) => string;
  /** Which of the recipients gets it, by number; default one for each message. */
  readonly recipientNo?: (index: number) => number;
};

/**
 * So many events over both tenants and both providers. Unless told otherwise, every message differs from
 * every other in its text, so that whoever counts them at the provider cannot mistake one for another.
 */
export function campaign(count: number, options: CampaignOptions = {}): PostedEvent[] {
  const { behaviour = 'delivered', generatedAt = Date.now(), header = '' } = options;
  const text = options.text ?? ((guid: string) => `Hello; this is ${guid}`);
  const recipientNo = options.recipientNo ?? ((index: number) => index % 5000);
  return Array.from({ length: count }, (_, index) => {
    const guid = randomUUID();
    const tenantId = tenants[index % 2] ?? tenants[0];
    const provider =
      options.provider ?? providerIds[Math.floor(index / 2) % providerIds.length] ?? providerIds[0];
    const body = JSON.stringify(
      outboundEvent({
        guid,
        tenantId,
        identityId: randomUUID(),
        creative: `TO:${recipient(behaviour, recipientNo(index))};${header}\n${text(guid, index)}`,
        generatedAt,
        responseTrackingCode: `rtc-${index}`,
      }),
    );
    return { guid, tenantId, provider, body };
  });
}
