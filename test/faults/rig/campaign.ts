import { randomUUID } from 'node:crypto';
import { providers } from '../../../domain/outbound/channel.ts';
import { outboundEvent } from '../../../local/demo/event.ts';
import { type Behaviour, recipient } from '../../../local/simulators/magic-numbers.ts';
import type { PostedEvent } from './post.ts';

/** The tenants of every scenario. */
export const tenants = ['tenant-a', 'tenant-b'] as const;

export type CampaignOptions = {
  /** How the recipients behave; default: they get the message. */
  readonly behaviour?: Behaviour;
  /** ms since 1970; default now. */
  readonly generatedAt?: number;
};

/**
 * So many events over both tenants and both providers. Every message differs from every other in its
 * text, so that whoever counts them at the provider cannot mistake one for another.
 */
export function campaign(count: number, options: CampaignOptions = {}): PostedEvent[] {
  const { behaviour = 'delivered', generatedAt = Date.now() } = options;
  return Array.from({ length: count }, (_, index) => {
    const guid = randomUUID();
    const tenantId = tenants[index % 2] ?? tenants[0];
    const provider = providers[Math.floor(index / 2) % providers.length] ?? providers[0];
    const body = JSON.stringify(
      outboundEvent({
        guid,
        tenantId,
        identityId: randomUUID(),
        creative: `TO:${recipient(behaviour, index % 5000)};\nHello; this is ${guid}`,
        generatedAt,
        responseTrackingCode: `rtc-${index}`,
      }),
    );
    return { guid, tenantId, provider, body };
  });
}
