import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SECOND } from '../../../domain/clock.ts';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import type { Fault } from '../../../local/simulators/fault.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import { type Books, balance } from './books.ts';
import { tenants } from './campaign.ts';
import { type FaultProxy, faultProxy } from './fault-proxy.ts';
import { type Outside, outside, queues, type Reach } from './outside.ts';
import { type PostedEvent, type PostOptions, postEvents } from './post.ts';

/** Waits that take minutes in production, in seconds; the shortest that the settings allow. */
export const shortSettings: Readonly<Record<string, string>> = {
  lease_seconds: '10',
  in_doubt_grace: '1',
  provider_timeout: '1000',
  retry_base_seconds: '1',
  retry_max_seconds: '2',
};

/** A stack under observation, and what was posted to it. */
export type Watch = {
  /** The eyes on it, wherever it runs now. */
  readonly outside: () => Outside;
  /** Posts events and remembers which were answered 202. Gives the statuses of the last answers. */
  readonly post: (events: readonly PostedEvent[], options?: PostOptions) => Promise<number[]>;
  /** Waits until nothing is on any queue, or patience ends (ms, default ten minutes). */
  readonly drain: (patienceMs?: number) => Promise<boolean>;
  readonly books: () => Promise<Books>;
  readonly close: () => void;
};

export function watch(reach: () => Reach): Watch {
  const posted = new Set<string>();
  const accepted = new Set<string>();
  let eyes = outside(reach());
  let looksAt = reach();
  const look = (): Outside => {
    // A stack that was started again is at other ports.
    if (looksAt !== reach()) {
      eyes.close();
      looksAt = reach();
      eyes = outside(looksAt);
    }
    return eyes;
  };

  return {
    outside: look,
    post: async (events, options) => {
      for (const { tenantId, guid } of events) posted.add(`${tenantId}#${guid}`);
      const answers = await postEvents(reach().url, events, options);
      for (const [{ tenantId, guid }, status] of answers)
        if (status === 202) accepted.add(`${tenantId}#${guid}`);
      return [...answers.values()];
    },
    drain: async (patienceMs = 600_000) => {
      const until = performance.now() + patienceMs;
      // Twice in a row: between two queues a record is on one of them at the least, but we look one by one.
      for (let empty = 0; empty < 2; ) {
        const depths = await Promise.all(queues.map((queue) => look().depth(queue)));
        empty = depths.every((depth) => depth === 0) ? empty + 1 : 0;
        if (performance.now() > until) return false;
        await delay(150);
      }
      return true;
    },
    books: async () => {
      const [deliveries, failedRequests, atProvider, onQueue, onDlq] = await Promise.all([
        look().deliveries(),
        look().failedRequests(),
        look().acceptedMessages(),
        look().depth('outbound_queue'),
        look().depth('outbound_dlq'),
      ]);
      return balance({
        accepted,
        deliveries,
        failedRequests,
        // Others may have used the stack before.
        atProvider: atProvider.filter((id) => posted.has(id)),
        left: onQueue + onDlq,
      });
    },
    close: () => eyes.close(),
  };
}

/** A stack in this process, with a fault proxy between its functions and AWS, and clocks that can be turned. */
export type Rig = Watch & {
  readonly stack: Stack;
  readonly proxy: FaultProxy;
  /** Sets the functions' calendars wrong by so much. */
  readonly turnClocks: (offsetMs: number) => Promise<void>;
  /** Sets the same fault at both providers; `{}` mends them. Callbacks stay off unless the fault says otherwise. */
  readonly providers: (fault: Partial<Fault>) => void;
  /** Gives every tenant new credentials at both providers, as a rotation does: the old ones are refused. */
  readonly rotateTokens: () => void;
  /** Requests that both providers have received so far. */
  readonly requests: () => number;
  /** The same stack with nothing posted yet. */
  readonly fresh: () => Rig;
  /** Whether the function gave a record back to its queue: it failed, or ran out of time on a slow machine. */
  readonly stumbled: (functionKey: string) => Promise<boolean>;
  /** Where the functions note their heaps and handles (`flat.ts`). */
  readonly signsDir: string;
  readonly end: () => Promise<void>;
};

export async function startRig(settings: Readonly<Record<string, string>> = {}): Promise<Rig> {
  const directory = await mkdtemp(join(tmpdir(), 'faults-'));
  const clockFile = join(directory, 'clock');
  await writeFile(clockFile, '0');
  const signsDir = join(directory, 'signs');
  await mkdir(signsDir);
  const proxy = faultProxy();
  const warnings: string[] = [];
  const stack = await startStack({
    tenants,
    logsDir: join(directory, 'logs'),
    warn: (sentence) => warnings.push(sentence),
    between: proxy.between,
    preload: new URL('./preload.ts', import.meta.url),
    settings: {
      ...shortSettings,
      ...settings,
      FAULTS_CLOCK_FILE: clockFile,
      FAULTS_SIGNS_DIR: signsDir,
    },
  });
  const first = watch(() => stack);
  for (const queue of [
    'outbound_queue',
    'outbound_priority_queue',
    'outbound_lanes_queue',
    'outbound_dlq',
    'ci360_events_queue',
    'ci360_replies_queue',
  ] as const)
    await first.outside().setVisibility(queue, 3);

  const { simulators } = stack;
  const providers = (fault: Partial<Fault>) => {
    // A callback settles a doubt. Where callbacks are not the subject, look-ups have to do it.
    for (const name of ['twilio', 'scg'])
      simulators.setFault(name, { callbacks: 'never', ...fault });
  };
  providers({});
  const rigWith = (watched: Watch): Rig => ({
    ...watched,
    stack,
    proxy,
    turnClocks: (offsetMs) => writeFile(clockFile, String(offsetMs)),
    providers,
    rotateTokens: () => {
      const rotated = Object.fromEntries(
        tenants.map((tenant) => {
          const token = randomUUID();
          const old = simulatorSecret(stack.simUrl, tenant);
          return [tenant, { ...old, twilio_auth_token: token, scg_access_token: token }];
        }),
      );
      for (const [tenant, secret] of Object.entries(rotated)) stack.putSecret(tenant, secret);
      simulators.setSecrets(rotated);
    },
    requests: () => simulators.inspection('twilio').size + simulators.inspection('scg').size,
    stumbled: async (functionKey) => {
      const log = await readFile(join(directory, 'logs', `${functionKey}.log`), 'utf8');
      return (
        warnings.some((sentence) => sentence.includes(functionKey)) ||
        /record left on its queue|will be tried again/.test(log)
      );
    },
    signsDir,
    fresh: () => rigWith(watch(() => stack)),
    end: async () => {
      watched.close();
      await stack.close();
      await proxy.close();
      await rm(directory, { recursive: true, force: true });
    },
  });
  return rigWith(first);
}

/**
 * Waits for something that will come about; throws, naming it, when patience (five minutes) ends. Looks
 * that read whole tables want a longer time between them (`everyMs`).
 */
export async function until(
  look: () => boolean | Promise<boolean>,
  what: string,
  everyMs = 50,
): Promise<void> {
  const end = performance.now() + 300_000;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await delay(everyMs);
  }
}

/**
 * Waits until so many are counted. Patience (five minutes) ends only when the count no longer grows, so a
 * slow machine is not taken for a stuck service; the error names how far it got. Looks once a second,
 * because counts read whole tables.
 */
export async function untilCount(
  count: () => Promise<number>,
  atLeast: number,
  what: string,
): Promise<void> {
  for (let reached = await count(); reached < atLeast; ) {
    const before = reached;
    await until(
      async () => {
        reached = await count();
        return reached > before;
      },
      `${what}: ${before} of ${atLeast}`,
      SECOND,
    );
  }
}
