import type { Delivery } from '../../../domain/delivery/delivery.ts';
import type { LateErrorRow } from '../../../domain/delivery/error-table.ts';
import { breaker } from '../../../domain/feedback/breaker.ts';
import type { ExternalEventRequest } from '../../../domain/feedback/external-event-request.ts';
import { inject } from '../../../domain/feedback/inject.ts';
import type { InjectDeps } from '../../../domain/feedback/inject-deps.ts';
import type { InjectSettings } from '../../../domain/feedback/inject-settings.ts';
import { providers } from '../../../providers/registry.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeDeadLetters } from '../../fakes/dead-letters.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeEventGateway } from '../../fakes/event-gateway.ts';
import { fakeFailedRequests } from '../../fakes/failed-requests.ts';
import { fakeIdentities } from '../../fakes/identities.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { fakeOptOuts } from '../../fakes/opt-outs.ts';
import { fakeReplyLog } from '../../fakes/reply-log.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { fakeWindows } from '../../fakes/whatsapp-windows.ts';

export const injectSettings: InjectSettings = {
  statusEvents: {
    twilio: {
      sent: 'sms_sent',
      delivered: 'sms_delivered',
      undelivered: 'sms_undelivered',
      failed: 'sms_failed',
      read: 'sms_read',
    },
    scg: {
      SENT: 'scg_sent',
      DELIVERED: 'scg_delivered',
      FAILED: 'scg_failed',
      READ: 'scg_read',
      CLICKED: 'scg_clicked',
    },
  },
  replyEvents: { twilio: 'sms_reply', scg: 'scg_reply' },
  identityField: '',
  attributeNames: {},
  leaseMs: 30_000,
  giveUpAfterMs: 86_400_000,
  backoff: { baseSeconds: 5, maxSeconds: 900 },
  deliveryTtlSeconds: 2_592_000,
};

const optOut: LateErrorRow = {
  class: 'opted-out',
  meaning: 'The recipient opted out.',
  advice: 'Nothing to do.',
};
const rows: Readonly<Record<string, LateErrorRow>> = {
  '30003': { class: 'recipient', meaning: 'The handset was unreachable.', advice: 'Try later.' },
  '63014': optOut,
  '1005': optOut,
};

type Waiting = { body: string; visibleAt: number; enqueuedAt: number; receiveCount: number };

/** So that a record which comes back for ever fails its test instead of hanging it. */
const MOST_ROUNDS = 10_000;

/** The injector with everything around it in memory, and a queue whose time only moves when asked. */
export function injectorWorld(
  given: {
    deliveries?: readonly Delivery[];
    settings?: Partial<InjectSettings>;
    identityTtlSeconds?: number;
  } = {},
) {
  const clock = fakeClock();
  const deliveries = fakeDeliveries(given.deliveries);
  const gateway = fakeEventGateway();
  const deadLetters = fakeDeadLetters();
  const observe = fakeObserve();
  const parts = {
    clock,
    deliveries,
    owners: fakeMessageOwners(deliveries.all),
    gateway,
    deadLetters,
    observe,
    optOuts: fakeOptOuts(),
    replyLog: fakeReplyLog(),
    identities: fakeIdentities({ clock }),
    failedRequests: fakeFailedRequests(),
    windows: fakeWindows(),
    secrets: fakeTenantSecrets({ 'tenant-a': aTenantSecret(), 'tenant-b': aTenantSecret() }),
  };
  const deps: InjectDeps = {
    ...parts,
    breaker: breaker({ pause: { baseSeconds: 5, maxSeconds: 300 }, probeMs: 30_000 }),
    explain: (_provider, code) => rows[code],
    providers,
    settings: { ...injectSettings, ...given.settings },
    random: () => 0.5,
    signalUntil: () => new AbortController().signal,
  };
  const queue: Waiting[] = [];

  const enqueueBody = (body: string) => {
    queue.push({ body, visibleAt: clock(), enqueuedAt: clock(), receiveCount: 0 });
  };
  /** Gives the injector one record; an error of its leaves the record on the queue. */
  const receive = async (record: Waiting) => {
    record.receiveCount += 1;
    const deadline = clock() + 30_000;
    try {
      const result = await inject({ ...record, messageId: 'record-1', deadline }, deps);
      if (result.kind === 'done') queue.splice(queue.indexOf(record), 1);
      else record.visibleAt = clock() + result.seconds * 1000;
    } catch {
      record.visibleAt = clock() + 30_000;
    }
  };

  return {
    ...parts,
    deps,
    queue,
    enqueueBody,
    enqueue: (request: ExternalEventRequest) => enqueueBody(JSON.stringify(request)),
    /** Works on everything that is visible now, all at once, and says whether there was anything. */
    work: async (): Promise<boolean> => {
      const visible = queue.filter(({ visibleAt }) => visibleAt <= clock());
      await Promise.all(visible.map(receive));
      return visible.length > 0;
    },
    /** Works until the queue is empty, moving the clock on to whatever becomes visible next. */
    drain: async (until = Number.POSITIVE_INFINITY): Promise<void> => {
      for (let round = 0; queue.length > 0; round += 1) {
        if (round === MOST_ROUNDS) throw new Error('The queue does not become empty.');
        const next = Math.min(...queue.map(({ visibleAt }) => visibleAt));
        if (next > until) return;
        clock.advance(Math.max(0, next - clock()));
        await Promise.all(queue.filter(({ visibleAt }) => visibleAt <= clock()).map(receive));
      }
    },
  };
}
