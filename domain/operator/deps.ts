import type { Authenticate } from '../access/access.ts';
import type { CheckStates } from '../campaigns/check-run.ts';
import type { MessageIndex } from '../campaigns/message-terms.ts';
import type { Controls, HeldMessages, Runs } from '../campaigns/ports.ts';
import type { NextStep } from '../campaigns/run.ts';
import type { CampaignRecords } from '../campaigns/totals-ports.ts';
import type { NewId } from '../clock.ts';
import type { CheckSettings } from '../content/check.ts';
import type { Deliveries, Identities } from '../delivery/ports.ts';
import type { Executions } from '../executions.ts';
import type { FailedRequests } from '../failed-requests/ports.ts';
import type { Observe } from '../observe.ts';
import type { RefusalRules } from '../opt-outs/opt-out.ts';
import type { OptOutRegister, OptOuts } from '../opt-outs/ports.ts';
import type { Numbering } from '../outbound/phone-number.ts';
import type { PersonStore } from '../people/ports.ts';
import type { JudgeDeps } from '../replay/deps.ts';
import type { ReplayOutcomes, Replays, Step } from '../replay/ports.ts';
import type { SenderStates } from '../senders/ports.ts';
import type { SenderRates } from '../senders/rates.ts';
import type { KnownTenants } from '../tenant/known-tenants.ts';
import type { AuditLog } from './audit.ts';
import type { Waits } from './next-step.ts';
import type { LastSuccesses, QueueDepths, WaitingDeliveries } from './status-ports.ts';
import type { TemplatesDeps } from './templates.ts';

/** `outcome`: `failed` for a code in the answer to a send, `undelivered` for one in a callback. */
type Explain = (
  provider: string,
  outcome: string,
  code: string,
) => { readonly meaning: string; readonly advice: string } | undefined;

/** What the operator's routes work with. */
export type OperatorDeps = JudgeDeps & {
  readonly authenticate: Authenticate;
  readonly audit: AuditLog;
  readonly tenants: KnownTenants;
  readonly failedRequests: FailedRequests;
  readonly deliveries: Pick<Deliveries, 'get'>;
  readonly optOuts: Pick<OptOuts, 'preferenceOf' | 'optIn' | 'stateOf' | 'markErased'> &
    OptOutRegister;
  readonly refusalRules: RefusalRules;
  /** Where personal data is stored, and who is known at an address. */
  readonly people: {
    readonly stores: readonly PersonStore[];
    readonly identities: Pick<Identities, 'find'>;
  };
  readonly replays: Replays;
  readonly outcomes: ReplayOutcomes;
  readonly campaigns: CampaignRecords;
  readonly checks: CheckStates;
  /** Search for messages; both are absent while `message_search` is off. */
  readonly messages: {
    readonly index: Pick<MessageIndex, 'find'> | undefined;
    readonly hashAddress:
      | ((tenantId: string, address: string) => Promise<string | undefined>)
      | undefined;
  };
  /** What a provider's error code means, and what can be done about it. */
  readonly explain: Explain;
  readonly executions: Executions<Step>;
  readonly controls: Controls;
  readonly held: Pick<HeldMessages, 'tasks' | 'count'>;
  readonly runs: Runs;
  readonly releases: Executions<NextStep>;
  /** `lease_seconds`, ms. */
  readonly leaseMs: number;
  /** Whether one of the providers' error tables has the code. */
  readonly isKnownCode: (code: string) => boolean;
  /** What `POST /creatives/check` reads creatives by, as ingress does, and the currency of its prices. */
  readonly check: CheckSettings & { readonly currency: string };
  readonly templates: TemplatesDeps;
  /** Senders as the table knows them, and `sender_rates`. */
  readonly senders: { readonly states: SenderStates; readonly rates: SenderRates };
  readonly queueDepths: QueueDepths;
  readonly waiting: WaitingDeliveries;
  readonly lastSuccesses: LastSuccesses;
  readonly newId: NewId;
  readonly settings: {
    readonly numbering: Numbering;
    /** `replay_max_rate`, messages per second. */
    readonly maxRate: number;
    /** How long messages wait by themselves. */
    readonly waits: Waits;
    /** `replay_poll_seconds`. */
    readonly pollSeconds: number;
    /** `delivery_ttl`. */
    readonly deliveryTtlSeconds: number;
    /** `failed_request_ttl`: a replay is kept as long. */
    readonly ttlSeconds: number;
    /** How long one request may read on before it answers with a cursor, ms. */
    readonly budgetMs: number;
  };
  readonly observe: Observe;
};
