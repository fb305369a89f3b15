import type { Clock, NewId } from '../clock.ts';
import type { Observe } from '../observe.ts';
import type { OptOuts } from '../opt-outs/ports.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { ProviderId } from '../provider-id.ts';
import type { QueueRecord } from '../queue.ts';
import type { TenantSecrets } from '../tenant/tenant-secret.ts';
import type { ClaimPolicy } from './claim.ts';
import type { TimeLimits } from './expiry.ts';
import type {
  DeadLetters,
  Deliveries,
  HoldStore,
  Identities,
  MayLeaveNow,
  MessageGateway,
  MessageOwners,
} from './ports.ts';
import type { SettlePolicy } from './settle.ts';

/** Everything that delivering one message needs. */
export type DeliverDeps = {
  readonly deliveries: Deliveries;
  readonly owners: MessageOwners;
  /** Marks the failed request of a replayed message as resolved. Safe to repeat. Throws `Unavailable`. */
  readonly resolveFailedRequest: (request: MessageRequest) => Promise<void>;
  readonly deadLetters: DeadLetters;
  readonly mayLeaveNow: MayLeaveNow;
  readonly holdStore: HoldStore;
  readonly optOuts: Pick<OptOuts, 'stateOf' | 'noteRefusal'>;
  /** Absent where replies carry the address itself (`identity_field`). */
  readonly identities: Pick<Identities, 'remember'> | undefined;
  readonly secrets: TenantSecrets;
  readonly gateways: Readonly<Record<ProviderId, MessageGateway>>;
  readonly policy: ClaimPolicy &
    SettlePolicy &
    TimeLimits & {
      readonly unknownPolicy: 'resend' | 'park';
    };
  /** See `Delivery.addressHash`; resolves to undefined where it cannot be made now. Absent while `message_search` is off. */
  readonly hashAddress?:
    | ((tenantId: string, address: string) => Promise<string | undefined>)
    | undefined;
  readonly clock: Clock;
  readonly newId: NewId;
  /** A signal that aborts at this time, ms since 1970. */
  readonly signalUntil: (time: number) => AbortSignal;
  readonly observe: Observe;
};

/** What delivering looks at of a record of the outbound queue. */
export type OutboundRecord = Pick<QueueRecord, 'body' | 'messageId' | 'receiveCount' | 'deadline'>;
