import type { Clock } from '../../domain/clock.ts';
import type { CallbackRunner } from './callback-runner.ts';
import type { TenantSecrets } from './credentials.ts';
import type { Fault } from './fault.ts';
import type { WebhookClient } from './webhook-client.ts';

/** What every simulator is given. Functions where the answer may change while it runs. */
export type SimulatorContext = {
  readonly clock: Clock;
  readonly secrets: () => TenantSecrets;
  /** Base URL of the connector whose webhooks are called; undefined while there is none. */
  readonly connectorUrl: () => string | undefined;
  readonly fault: () => Fault;
  readonly runner: CallbackRunner;
  readonly webhooks: WebhookClient;
  /** How many messages or events it remembers. */
  readonly keep: number;
  /** The file in which a list by this name survives a restart, or undefined. */
  readonly fileOf: (list: string) => string | undefined;
};
