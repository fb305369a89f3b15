import type { NewId } from '../../domain/clock.ts';
import { DAY, MINUTE } from '../../domain/clock.ts';
import { type ProviderId, providerIds } from '../../domain/provider-id.ts';
import { type Behaviour, behaviours, recipient } from '../simulators/magic-numbers.ts';
import { outboundEvent } from './event.ts';

/** One event of the sample campaign. */
export type CampaignEvent = {
  readonly guid: string;
  readonly provider: ProviderId;
  /** As it is posted. */
  readonly body: string;
  /** How often: CI360 may post an event again. */
  readonly posts: number;
};

type Special = 'twice' | 'stale' | 'cut-short' | 'no-recipient' | 'unknown-channel';
type Kind = Behaviour | Special;

/** Of every 200 events, so many are something other than an ordinary message to an ordinary phone. */
const shares: readonly (readonly [Kind, number])[] = [
  ['twice', 8],
  ['stale', 5],
  ['cut-short', 2],
  ['no-recipient', 2],
  ['unknown-channel', 2],
  ['opted-out', 7],
  ['invalid', 5],
  ['landline', 3],
  ['unreachable', 4],
  ['reads', 8],
  ['replies', 5],
  ['clicks', 3],
  ['throttled-once', 8],
  ['unavailable-once', 3],
  ['hangs-once', 2],
  ['resets-once', 2],
  ['accepted-then-hangs', 4],
  ['accepted-then-resets', 3],
  ['accepted-then-500', 3],
];
const special = shares.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
/** Has no divisor in common with 200, so that any run of events is a fair mixture. */
const STRIDE = 77;
const kindOf = (index: number): Kind => special[(index * STRIDE) % 200] ?? 'delivered';

const isBehaviour = (kind: Kind): kind is Behaviour => kind in behaviours;

const texts = [
  'Hi Ana, gates open at 6 pm; bring your ticket and a raincoat.',
  'Your seats are booked: row 7; seats 12 and 13. See you there!',
  'Doors: 18:00; show: 19:30. Reply HELP for help; STOP to opt out.',
  'Vielen Dank für Ihre Bestellung; wir freuen uns auf Sie! 🎪',
  'شكراً لحجزك؛ نراك قريباً',
] as const;

/**
 * A campaign of `count` distinct events through both providers: mostly plain successes, and in fixed
 * shares everything that goes wrong in a real one.
 */
export function campaign(
  count: number,
  { tenantId, now, newId }: { tenantId: string; now: number; newId: NewId },
): CampaignEvent[] {
  const used = new Map<Behaviour, number>();
  const nextRecipient = (behaviour: Behaviour): string => {
    const index = used.get(behaviour) ?? 0;
    used.set(behaviour, index + 1);
    return recipient(behaviour, index);
  };

  return Array.from({ length: count }, (_, index) => {
    const kind = kindOf(index);
    const guid = newId();
    const provider = providerIds[index % providerIds.length] ?? 'twilio';
    const creative = [
      ...(kind === 'no-recipient'
        ? []
        : [`TO:${nextRecipient(isBehaviour(kind) ? kind : 'delivered')};`]),
      ...(kind === 'unknown-channel' ? ['CHANNEL:PIGEON;'] : []),
      ...(kind === 'reads' ? ['CHANNEL:WHATSAPP;'] : []),
      // The code makes the text this run's own: who behaves so "once" does so per text.
      kind === 'reads' && provider === 'twilio'
        ? `TEMPLATE:spring_sale;LANGUAGE:en;VAR_1:Ana;VAR_2:3 May (${guid.slice(0, 8)});`
        : `${texts[index % texts.length]} (${guid.slice(0, 8)})`,
    ].join('\n');
    const event = JSON.stringify(
      outboundEvent({
        guid,
        tenantId,
        identityId: newId(),
        creative,
        generatedAt: kind === 'stale' ? now - 2 * DAY : now - MINUTE,
        responseTrackingCode: newId(),
      }),
    );
    return {
      guid,
      provider,
      body: kind === 'cut-short' ? event.slice(0, -200) : event,
      posts: kind === 'twice' ? 2 : 1,
    };
  });
}
