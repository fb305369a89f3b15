import { SECOND } from '../../../domain/clock.ts';
import { deliver } from '../../../domain/delivery/deliver.ts';
import type { DeliverDeps } from '../../../domain/delivery/deliver-deps.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import type { LookUp, Outcome } from '../../../domain/delivery/outcome.ts';
import type { LeaveDecision } from '../../../domain/delivery/ports.ts';
import { keepDeadMessage } from '../../../domain/failed-requests/dead-letter.ts';
import type { FailedRequest } from '../../../domain/failed-requests/failed-request.ts';
import type { AsRead } from '../../../domain/failed-requests/ports.ts';
import { resolveFailedRequest } from '../../../domain/failed-requests/resolve.ts';
import type { Failure } from '../../../domain/failure.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';

/** How the provider treats one attempt to send. */
export type Treatment =
  | 'ok'
  | 'accept-then-reset'
  | 'reset'
  | 'throttle'
  | 'unavailable'
  | 'refuse'
  | 'hang';

/** What happens at one call that a worker makes to the outside. */
export type Mishap = 'none' | 'killed-before' | 'killed-after' | 'down';

export type Script = {
  readonly treatments: readonly Treatment[];
  readonly mishaps: readonly Mishap[];
  /** Whether the provider can be asked, look-up by look-up. */
  readonly lookUps: readonly boolean[];
  /** What operators let happen to the message, attempt by attempt; then it may leave. */
  readonly leaves?: readonly ('send' | 'hold' | 'stop')[];
};

const VISIBILITY_MS = 360 * SECOND;
export const worldPolicy: DeliverDeps['policy'] = {
  leaseMs: 90 * SECOND,
  inDoubtGraceMs: 60 * SECOND,
  deliveryTtlSeconds: 30 * 24 * 3600,
  backoff: { baseSeconds: 5, maxSeconds: 900 },
  maxAttempts: 4,
  failedRequestTtlSeconds: 90 * 24 * 3600,
  random: () => 0.7,
  eventTtlSeconds: 86_400,
  holdMaxMs: 48 * 3600 * SECOND,
  unknownPolicy: 'resend',
};

type QueueEntry = { body: string; visibleAt: number; receiveCount: number; failure?: Failure };

/**
 * A queue, a table, a provider and workers that may be killed before or after any call they make,
 * with one clock. Everything a test asserts is read from the provider and the tables.
 */
export function world(script: Script) {
  let now = BUILT_AT;
  let ids = 0;
  const treatments = script.treatments[Symbol.iterator]();
  let mishaps = script.mishaps[Symbol.iterator]();
  const lookUps = script.lookUps[Symbol.iterator]();
  const leaves = (script.leaves ?? [])[Symbol.iterator]();
  const held = fakeHeldMessages();

  const table = new Map<string, Delivery>();
  const failedRows = new Map<string, FailedRequest>();
  const accepted: string[] = [];
  const queue: QueueEntry[] = [];
  const dlq: QueueEntry[] = [];

  /** One worker's call: it may die before or after it, or find the other side down. */
  const call = async <T>(
    kill: () => void,
    dependency: string,
    work: () => T | Promise<T>,
  ): Promise<T> => {
    await Promise.resolve();
    switch (mishaps.next().value ?? 'none') {
      case 'killed-before':
        kill();
        return new Promise<never>(() => {});
      case 'killed-after':
        await work();
        kill();
        return new Promise<never>(() => {});
      case 'down':
        throw new Unavailable(dependency);
      default:
        return work();
    }
  };

  const failure = (failureClass: Failure['class']): Failure => ({
    class: failureClass,
    code: 'simulated',
    message: 'Simulated.',
  });

  const provider = {
    send: (request: MessageRequest): Outcome => {
      now += 150;
      switch (treatments.next().value ?? 'ok') {
        case 'ok':
          accepted.push(request.guid);
          return { kind: 'accepted', providerMessageId: `SM${accepted.length}` };
        case 'accept-then-reset':
          accepted.push(request.guid);
          return { kind: 'unknown', failure: failure('unknown') };
        case 'reset':
          return { kind: 'unknown', failure: failure('unknown') };
        case 'throttle':
          return { kind: 'throttled', failure: failure('transient'), retryAfterSeconds: 7 };
        case 'unavailable':
          return { kind: 'transient', failure: failure('transient') };
        case 'refuse':
          return { kind: 'rejected', failure: { ...failure('permanent'), class: 'permanent' } };
        case 'hang':
          now += 30 * SECOND;
          accepted.push(request.guid);
          return { kind: 'unknown', failure: failure('unknown') };
      }
    },
    lookUp: (request: MessageRequest): LookUp => {
      if (lookUps.next().value === false) {
        return { kind: 'unavailable', failure: failure('unknown') };
      }
      return accepted.includes(request.guid)
        ? { kind: 'accepted', providerMessageId: 'SM-found' }
        : { kind: 'absent' };
    },
  };

  const store = {
    insert: (delivery: Delivery) => {
      if (table.has(delivery.deliveryId)) return false;
      table.set(delivery.deliveryId, delivery);
      return true;
    },
    swap: (next: Delivery) => {
      if (table.get(next.deliveryId)?.version !== next.version - 1) return false;
      table.set(next.deliveryId, next);
      return true;
    },
  };

  const owners = fakeMessageOwners(() => [...table.values()]);

  const depsFor = (kill: () => void): DeliverDeps => {
    const gateway = {
      send: (request: MessageRequest) => sendCall(kill, request),
      lookUp: async (request: MessageRequest) => provider.lookUp(request),
    };
    return {
      deliveries: {
        insert: (delivery) => call(kill, 'deliveries', () => store.insert(delivery)),
        get: (id) => call(kill, 'deliveries', () => table.get(id)),
        swap: (next) => call(kill, 'deliveries', () => store.swap(next)),
      },
      owners: {
        deliveriesTo: (recipient) => call(kill, 'deliveries', () => owners.deliveriesTo(recipient)),
        claim: (id, by) => call(kill, 'deliveries', () => owners.claim(id, by)),
      },
      resolveFailedRequest: (request) =>
        resolveFailedRequest(request, {
          get: (guid) => call(kill, 'failed-requests', () => failedRows.get(guid)),
          swap: (previous, next) =>
            call(kill, 'failed-requests', () => failedRequests.swap(previous, next)),
        }),
      deadLetters: {
        handOver: (body, _tenant, reason) =>
          call(kill, 'dead-letter-queue', () => {
            dlq.push({ body, visibleAt: now, receiveCount: 0, failure: reason });
          }),
      },
      mayLeaveNow: () => call(kill, 'controls', leave),
      holdStore: { keep: (message) => call(kill, 'held', () => held.keep(message)) },
      optOuts: {
        stateOf: () => call(kill, 'opt-outs', () => ({ isOptedOut: false })),
        noteRefusal: () => call(kill, 'opt-outs', () => undefined),
      },
      identities: undefined,
      secrets: { get: () => call(kill, 'secrets', () => ({ kind: 'found', secret: {} }) as const) },
      gateways: { twilio: gateway, scg: gateway },
      policy: worldPolicy,
      clock: () => now,
      newId: () => {
        ids += 1;
        return `claim-${ids}`;
      },
      signalUntil: () => new AbortController().signal,
      observe,
    };
  };

  const leave = (): LeaveDecision => {
    switch (leaves.next().value ?? 'send') {
      case 'send':
        return { kind: 'send' };
      case 'hold':
        return { kind: 'held', reason: 'hold', until: now + 5 * SECOND };
      case 'stop':
        return { kind: 'stopped', failure: failure('stopped') };
    }
  };

  /** Puts what is due back on the queue; a release that dies before its drop leaves it in the store too. */
  const release = async () => {
    const { messages } = await held.page({ kind: 'due', by: now });
    for (const { request } of messages) {
      queue.push({ body: JSON.stringify(request), visibleAt: now, receiveCount: 0 });
    }
    if (mishaps.next().value !== 'killed-before') await held.drop(messages);
  };

  /** A gateway never throws; a kill may still strike around it. */
  const sendCall = async (kill: () => void, request: MessageRequest): Promise<Outcome> => {
    try {
      return await call(kill, 'provider', () => provider.send(request));
    } catch {
      return { kind: 'transient', failure: failure('transient') };
    }
  };

  const failedRequests = {
    add: async (row: FailedRequest) => {
      if (failedRows.has(row.guid)) return 'exists' as const;
      failedRows.set(row.guid, row);
      return 'added' as const;
    },
    get: async (guid: string) => failedRows.get(guid),
    swap: async (previous: AsRead, next: FailedRequest) => {
      const stored = failedRows.get(previous.guid);
      if (stored?.status !== previous.status || stored.replays !== previous.replays) return false;
      failedRows.set(next.guid, next);
      return true;
    },
  };

  const observe = { info() {}, warn() {}, error() {}, count() {} };

  /** One receive of one record, which ends with the worker's result or its death. */
  async function receive(entry: QueueEntry): Promise<void> {
    entry.receiveCount += 1;
    entry.visibleAt = now + VISIBILITY_MS;
    const died = Promise.withResolvers<'died'>();
    const result = await Promise.race([
      died.promise,
      deliver(
        {
          body: entry.body,
          messageId: 'record',
          receiveCount: entry.receiveCount,
          deadline: now + 60 * SECOND,
        },
        depsFor(() => died.resolve('died')),
      ).catch(() => ({ kind: 'retry' as const, seconds: 5 })),
    ]);
    if (result === 'died') return;
    if (result.kind === 'retry') entry.visibleAt = now + result.seconds * SECOND;
    else queue.splice(queue.indexOf(entry), 1);
  }

  const left = () => queue.length + dlq.length + held.all().length;
  const visible = (entries: QueueEntry[]) => entries.filter((entry) => entry.visibleAt <= now);

  return {
    accepted,
    table,
    failedRows,
    /** From now on, calls meet these. */
    meet: (next: readonly Mishap[]) => {
      mishaps = next[Symbol.iterator]();
    },
    enqueue: (request: MessageRequest) =>
      queue.push({ body: JSON.stringify(request), visibleAt: now, receiveCount: 0 }),
    /** Runs workers, two records at a time, and releases, until queues and hold store are empty. Returns false when they never are. */
    async drain(maxRounds = 500): Promise<boolean> {
      for (let round = 0; round < maxRounds && left() > 0; round += 1) {
        await release();
        await Promise.all(visible(queue).slice(0, 2).map(receive));
        for (const letter of visible(dlq)) {
          const reason = letter.failure && JSON.stringify(letter.failure);
          const result = await keepDeadMessage(
            { body: letter.body, messageId: 'dead', failure: reason },
            {
              failedRequests,
              deliveries: {
                insert: async (delivery) => store.insert(delivery),
                get: async (id) => table.get(id),
                swap: async (next) => store.swap(next),
              },
              optOuts: { stateOf: async () => ({ isOptedOut: false }) },
              failedRequestTtlSeconds: 3600,
              clock: () => now,
              observe,
            },
          );
          if (result.kind === 'done') dlq.splice(dlq.indexOf(letter), 1);
          else letter.visibleAt = now + result.seconds * SECOND;
        }
        if (visible(queue).length + visible(dlq).length === 0 && left() > 0) {
          const times = [...queue, ...dlq].map((entry) => entry.visibleAt);
          now = Math.max(now, Math.min(...times, ...held.all().map(({ hold }) => hold.until)));
        }
      }
      return left() === 0;
    },
  };
}
