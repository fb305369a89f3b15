import type { ProviderId } from '../provider-id.ts';
import type { TenantSecret } from '../tenant/tenant-secret.ts';
import type { Channel } from './channel.ts';

/** What one provider can carry. Ingress refuses the rest, so that it never takes a place in the queue. */
export type Capabilities = {
  readonly channels: readonly Channel[];
  /** Longest body in characters, or undefined where the provider publishes no limit. */
  readonly maxBodyLength: number | undefined;
  /** Whether it sends templates, content approved at the provider, by their id. */
  readonly templates: boolean;
  /** Most media URLs in one message. */
  readonly maxMedia: number;
  /** Whether the provider would read instructions of its own in this body, for one that does. */
  readonly hasDirectives?: (body: string) => boolean;
  /** Why the provider would refuse this body, for a provider that reads more than text in one. */
  readonly bodyIssue?: (body: string, channel: Channel) => string | undefined;
};

/** The senders that a provider accepts. Every provider has numbers, short codes and sender names. */
type SenderRules = {
  /** Its other senders, such as ids. */
  readonly shapes: readonly RegExp[];
  /**
   * Those of `shapes` that no other provider has, with a name for the error that says so: `a Messaging
   * Service`. Plain `a sender` where there is no better one.
   */
  readonly distinct: readonly { readonly shape: RegExp; readonly name: string }[];
  /** The settings that name its senders for creatives that name none. */
  readonly settings: {
    readonly standard: string;
    /** A map from country prefixes to senders for SMS and MMS. */
    readonly byCountry?: string;
  };
};

/** What is known about a provider without calling it. */
export type ProviderRules = {
  readonly id: ProviderId;
  readonly capabilities: Capabilities;
  readonly senders: SenderRules;
  /**
   * Whether it keeps our reference with a message, so that a look-up finds exactly the one that is asked for. If
   * not, a message in doubt is recognised by what was sent, and equal ones by who claims them first.
   */
  readonly keepsReference: boolean;
  /** Whether the credentials that open one tenant's webhook open the other's too: two tenants with one account. */
  readonly sharesWebhook: (one: TenantSecret, other: TenantSecret) => boolean;
};

/** The rules of every provider. */
export type RulesOfProviders = Readonly<Record<ProviderId, ProviderRules>>;
