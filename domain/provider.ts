import type { Clock } from './clock.ts';
import type { TemplateSource } from './content/templates/ports.ts';
import type { ErrorTable, LateErrorTable } from './delivery/error-table.ts';
import type { MessageGateway } from './delivery/ports.ts';
import type { HttpClient } from './exchange.ts';
import type { Correlation } from './feedback/correlation.ts';
import type { StateGateway } from './feedback/ports.ts';
import type { StatusNames } from './feedback/status-names.ts';
import type { Observe } from './observe.ts';
import type { ProviderRules } from './outbound/provider-rules.ts';

/**
 * A company that carries messages: all that the service knows about it. Each slice declares what it needs
 * of a provider; this is the sum. A provider is one value, in a folder of `providers/`, with one row in
 * `providers/registry.ts`. What its webhooks receive is read by its `Callbacks`, see `feedback/callback.ts`.
 */
export type Provider = ProviderRules & {
  /** Its name for people. */
  readonly name: string;
  readonly statuses: StatusNames;
  readonly errors: ProviderErrors;
  readonly reference: ReferenceFormat;
  /** The longest answer it gives, in bytes: a page of a list. */
  readonly maxAnswerBytes: number;
  /** Sends messages, and looks for one whose outcome is not known. */
  readonly messageGateway: (outside: MessageGatewayDeps) => MessageGateway;
  /** Lists the tenant's templates, for a provider that has some. */
  readonly templateSource?: (outside: ProviderDeps) => TemplateSource;
  /** Gets the current state of one message. */
  readonly stateGateway: (outside: StateGatewayDeps) => StateGateway;
};

export type ProviderDeps = {
  readonly http: HttpClient;
  readonly clock: Clock;
};
export type MessageGatewayDeps = ProviderDeps & {
  /** The base URL of this service, for callbacks, without a slash at the end. */
  readonly publicUrl: string;
  /** What is done about instructions in a body, for a provider that reads some: `scg_directives`; default `escape`. */
  readonly directives?: 'escape' | 'author' | 'refuse';
  readonly observe: Pick<Observe, 'info'>;
};
export type StateGatewayDeps = ProviderDeps & {
  /** How long to wait for each answer. */
  readonly timeoutMs: number;
};

/** What a provider's error codes mean. */
type ProviderErrors = {
  /** Codes in the answer to a send. */
  readonly synchronous: ErrorTable;
  /** Codes in a callback, about a message that had been accepted. */
  readonly late: LateErrorTable;
  /** The key of both tables for a code as the provider writes it. */
  readonly keyOf: (code: string) => string;
};

/** How our reference travels with a message, so that a callback names the delivery without a look-up. */
type ReferenceFormat = {
  readonly write: (correlation: Correlation, publicUrl: string) => string;
  /** What is not there is undefined; a reference that is not ours gives undefined. */
  readonly read: (reference: string) => Partial<Correlation> | undefined;
};
