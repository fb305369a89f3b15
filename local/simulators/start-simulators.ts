import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Random } from '../../domain/clock.ts';
import { createAirtableSimulator } from './agents/airtable.ts';
import { createChatSimulator, createProxySimulator } from './agents/chat-and-proxy.ts';
import { createConversationsSimulator } from './agents/conversations.ts';
import { createFlexSimulator } from './agents/flex.ts';
import { AgentsWorld } from './agents/flex-account.ts';
import { createFrontlineSimulator } from './agents/frontline.ts';
import { CallbackRunner, type CallbackTimings } from './callback-runner.ts';
import { createCi360Simulator } from './ci360/simulator.ts';
import { createControl } from './control.ts';
import { simulatorSecret, type TenantSecrets } from './credentials.ts';
import { type Fault, FaultSwitch, faultSchema } from './fault.ts';
import { Inspection } from './inspection.ts';
import type { SimulatorContext } from './options.ts';
import { createScgSimulator } from './scg/simulator.ts';
import { createSimulatorServer, type Mounted } from './server.ts';
import type { Simulator } from './simulator.ts';
import { createTwilioSimulator } from './twilio/simulator.ts';
import { createWebhookClient } from './webhook-client.ts';

export type SimulatorsOptions = {
  /** 0, the default, takes any free port of 127.0.0.1. */
  readonly port?: number;
  /** The customers of the simulated companies; default: the tenant `local-tenant`. `setSecrets` replaces them. */
  readonly secrets?: TenantSecrets;
  /**
   * Base URL of the connector whose inbound webhooks are called; `setConnectorUrl` replaces it. Status
   * callbacks that a restart broke off are sent from when it is known.
   */
  readonly connectorUrl?: string;
  /** Where what was accepted and received survives a restart; default: nowhere. */
  readonly dataDir?: string;
  /** Time every request takes unless a fault says otherwise; default 2 ms. */
  readonly latencyMs?: number;
  /** When callbacks are sent; default 20 ms between two states, 3 s before late ones. */
  readonly timings?: Partial<CallbackTimings>;
  /** How many messages, events and requests each simulator remembers; default 200,000. */
  readonly keep?: number;
  /** The providers' clock, which need not be ours. */
  readonly clock?: Clock;
  /** For the `rate` of a fault. */
  readonly random?: Random;
};

export type Simulators = Awaited<ReturnType<typeof startSimulators>>;

/** Starts the simulated companies on one port of 127.0.0.1. Rejects when the port is taken. */
export async function startSimulators(options: SimulatorsOptions = {}) {
  const { clock = Date.now, random = Math.random, keep = 200_000, dataDir } = options;
  const runner = new CallbackRunner({ stepMs: 20, lateMs: 3000, ...options.timings });
  const mounted = new Map<string, Mounted>();
  let secrets = options.secrets ?? { 'local-tenant': simulatorSecret('http://127.0.0.1') };
  let connectorUrl = options.connectorUrl;
  let listensAt = connectorUrl;
  const webhooks = createWebhookClient({
    servedAt: (url) =>
      connectorUrl !== undefined && listensAt !== undefined && url.startsWith(`${connectorUrl}/`)
        ? listensAt + url.slice(connectorUrl.length)
        : url,
  });
  if (dataDir) mkdirSync(dataDir, { recursive: true });

  function mount<S extends Simulator>(name: string, create: (context: SimulatorContext) => S): S {
    const fileOf = (list: string) => dataDir && join(dataDir, `${name}-${list}.jsonl`);
    const faults = new FaultSwitch(random);
    const simulator = create({
      clock,
      secrets: () => secrets,
      connectorUrl: () => connectorUrl,
      fault: () => faults.current,
      runner,
      webhooks,
      keep,
      fileOf,
    });
    mounted.set(name, {
      simulator,
      faults,
      inspection: new Inspection(keep, fileOf('requests')),
    });
    return simulator;
  }

  const twilio = mount('twilio', createTwilioSimulator);
  const scg = mount('scg', createScgSimulator);
  const ci360 = mount('ci360', createCi360Simulator);
  const airtable = mount('airtable', createAirtableSimulator);
  const agents = new AgentsWorld(clock);
  for (const [name, create] of [
    ['flex', createFlexSimulator],
    ['conversations', createConversationsSimulator],
    ['chat', createChatSimulator],
    ['proxy', createProxySimulator],
    ['frontline', createFrontlineSimulator],
  ] as const) {
    mount(name, (context) => create(context, agents));
  }

  const server = createSimulatorServer({
    mounted,
    control: createControl(mounted, webhooks.undeliverable),
    clock,
    latencyMs: options.latencyMs ?? 2,
  });
  const url = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('No port'));
      else resolve(`http://127.0.0.1:${address.port}`);
    });
  });

  let isResumed = false;
  /** `own` is where the connector listens on this machine, when others reach it at another URL. */
  function setConnectorUrl(next: string, own = next): void {
    connectorUrl = next;
    listensAt = own;
    if (isResumed) return;
    isResumed = true;
    for (const { simulator } of mounted.values()) simulator.resume?.();
  }
  if (connectorUrl) setConnectorUrl(connectorUrl);

  const get = (name: string): Mounted => {
    const found = mounted.get(name);
    if (!found) throw new Error(`There is no simulator "${name}"`);
    return found;
  };

  return {
    url,
    twilio,
    scg,
    ci360,
    airtable,
    /** What Flex, Conversations, Chat and Proxy hold. */
    agents,
    /** What a simulator received. */
    inspection: (name: string): Inspection => get(name).inspection,
    /** Makes a simulator fail; `{}` mends it. */
    setFault: (name: string, fault: Partial<Fault>): void =>
      get(name).faults.set(faultSchema.parse(fault)),
    setSecrets: (next: TenantSecrets): void => {
      secrets = next;
    },
    setConnectorUrl,
    /** Callbacks that were not sent because their host is not this machine, oldest first. */
    undeliverable: webhooks.undeliverable,
    /** Waits until no status callback is outstanding. */
    idle: (timeoutMs?: number): Promise<void> => runner.idle(timeoutMs),
    /** Stops at once: callbacks not yet sent are left, and sent after a restart with the same `dataDir`. */
    close: async (): Promise<void> => {
      runner.close();
      webhooks.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      for (const { simulator, inspection } of mounted.values()) {
        simulator.close();
        inspection.close();
      }
    },
  };
}
