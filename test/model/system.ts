import { isDeepStrictEqual } from 'node:util';
import { cachedControls } from '../../domain/campaigns/cached-controls.ts';
import { controlOf } from '../../domain/campaigns/control.ts';
import { byControl, mayLeaveNow } from '../../domain/campaigns/may-leave.ts';
import { MINUTE, SECOND } from '../../domain/clock.ts';
import { deliver } from '../../domain/delivery/deliver.ts';
import type { DeliverDeps } from '../../domain/delivery/deliver-deps.ts';
import type { DeadLetters, Deliveries, MessageGateway } from '../../domain/delivery/ports.ts';
import { keepDeadMessage } from '../../domain/failed-requests/dead-letter.ts';
import type { FailedRequest } from '../../domain/failed-requests/failed-request.ts';
import type { FailedRequests } from '../../domain/failed-requests/ports.ts';
import { resolveFailedRequest } from '../../domain/failed-requests/resolve.ts';
import { breaker } from '../../domain/feedback/breaker.ts';
import { keepDeadEvent } from '../../domain/feedback/dead-event.ts';
import type { StatusUpdate } from '../../domain/feedback/external-event-request.ts';
import { inject } from '../../domain/feedback/inject.ts';
import { parseJson } from '../../domain/json.ts';
import {
  deliveryIdOf,
  type MessageRequest,
  messageRequestSchema,
} from '../../domain/outbound/message-request.ts';
import { providers } from '../../providers/registry.ts';
import { scgGateway } from '../../providers/scg/gateway.ts';
import { twilioGateway } from '../../providers/twilio/gateway.ts';
import { aMessageRequest, BUILT_AT } from '../builders/message-request.ts';
import { injectSettings } from '../domain/feedback/feedback-setup.ts';
import { fakeControls } from '../fakes/controls.ts';
import { fakeDeliveries } from '../fakes/deliveries.ts';
import { fakeFailedRequests } from '../fakes/failed-requests.ts';
import { fakeHeldMessages } from '../fakes/held-messages.ts';
import { fakeIdentities } from '../fakes/identities.ts';
import { fakeMessageOwners } from '../fakes/message-owners.ts';
import { fakeOptOuts } from '../fakes/opt-outs.ts';
import { fakeReplyLog } from '../fakes/reply-log.ts';
import { aTenantSecret, fakeTenantSecrets } from '../fakes/tenant-secrets.ts';
import { fakeWindows } from '../fakes/whatsapp-windows.ts';
import { booksOf, type Copy } from './books.ts';
import { type Invocation, outsideOf } from './invocation.ts';
import { scgModel, TENANT, twilioModel } from './providers.ts';
import { type Queue, queueOf } from './queue.ts';
import { chanceOf } from './random.ts';
import { defaultSenders, type Post, type Scenario } from './scenario.ts';
import { timelineFrom } from './timeline.ts';
import { noTrace, tracing } from './trace.ts';

/** How long a worker may hold a delivery. */
export const LEASE = 90 * SECOND;
const DAYS_90 = 90 * 24 * 3600;
const quiet = { info() {}, warn() {}, error() {}, count() {} };

const copyOf = (body: string): Copy | undefined => {
  const request = messageRequestSchema.safeParse(parseJson(body)).data;
  return request && { guid: request.guid, replayNo: request.replay?.no ?? 0 };
};

/** A record in the trace: whose it is, and what tells its copies apart. */
function describe(body: string): string {
  const { kind, guid, word, provider, from, replay } = JSON.parse(body);
  const of = replay
    ? `, replay ${replay.no} by ${replay.id}${replay.ignoreTtl ? ' ignoring ttl' : ''}`
    : '';
  return kind === 'status' ? `${word} about ${guid}` : `${guid} by ${provider} from ${from}${of}`;
}

/** Breaks a part on purpose, to see that the books notice. */
export type Spoil = (deps: DeliverDeps) => DeliverDeps;

/** Everything that carries messages, over stores in memory, in virtual time. */
export function modelWorld(
  seed: number,
  scenario: Scenario,
  { lines, spoil = (deps) => deps }: { readonly lines?: string[]; readonly spoil?: Spoil } = {},
) {
  const chance = chanceOf(seed + 0x5eed);
  const timeline = timelineFrom(BUILT_AT);
  const trace = lines ? tracing(lines, timeline.now, () => BUILT_AT) : noTrace;
  const isCalm = () => timeline.now() >= BUILT_AT + scenario.calmAt;

  const outside = outsideOf(
    timeline,
    chance,
    {
      mishaps: () => (isCalm() ? 0 : scenario.mishaps),
      skew: () => (scenario.on.has('clock-skew') ? chance.whole(-15, 15) * SECOND : 0),
      onDeath: () => books.reach('death'),
    },
    trace,
  );

  const deliveries = fakeDeliveries();
  const failedRequests = fakeFailedRequests();
  const optOuts = fakeOptOuts({ refusalTtlSeconds: DAYS_90, clock: timeline.now });
  const identities = fakeIdentities({ clock: timeline.now });
  const replyLog = fakeReplyLog();
  const owners = fakeMessageOwners(deliveries.all);
  const secrets = fakeTenantSecrets({ [TENANT]: aTenantSecret() });
  const controls = fakeControls();
  const held = fakeHeldMessages();
  let onHeld = () => {};

  const all = () => new Map(deliveries.all().map((one) => [one.guid, one]));
  const books = booksOf({
    trace,
    judgesSuperseded: scenario.on.has('superseded-copies'),
    delivery: (guid) => all().get(guid),
    row: (guid) => failedRequests.all().find((row) => row.guid === guid),
    waiting: () =>
      [
        ...outbound.bodies(),
        ...outboundDead.bodies(),
        ...events.bodies(),
        ...eventsDead.bodies(),
      ].map(describe),
  });

  let sender = 0;
  const from = (route: MessageRequest['provider']) =>
    defaultSenders[route][sender % 3] ?? defaultSenders[route][0];

  const hear = (update: StatusUpdate) => {
    books.reach('callback');
    trace(() => `a callback says ${update.word} about ${update.guid}`);
    events.send(JSON.stringify(update));
  };
  const common = { timeline, chance, scenario, isCalm, hear, taken: books.took };
  const twilio = twilioModel(common);
  const scg = scgModel(common);

  /** The table of deliveries as `by` reaches it, on behalf of `copy`. */
  const deliveriesOf = (by: Invocation, copy: Copy | undefined): Deliveries => {
    const put = (what: 'insert' | 'swap', next: Parameters<Deliveries['swap']>[0]) => {
      const write = async () => {
        const before = await deliveries.get(next.deliveryId);
        const done = await deliveries[what](next);
        if (done) books.wrote(before, next, copy);
        return done;
      };
      const brief = () => `deliveries.${what} ${next.guid} ${next.status} v${next.version}`;
      return outside.call(by, brief(), write, {
        dependency: 'deliveries',
        repeat: async () =>
          (await write()) || isDeepStrictEqual(await deliveries.get(next.deliveryId), next),
      });
    };
    return {
      insert: (delivery) => put('insert', delivery),
      swap: (next) => put('swap', next),
      get: (id) =>
        outside.call(by, 'deliveries.get', () => deliveries.get(id), { dependency: 'deliveries' }),
    };
  };

  /** The table of failed requests, likewise. */
  const failedRequestsOf = (by: Invocation, copy: Copy | undefined): FailedRequests => {
    const dependency = 'failed-requests';
    const swap: FailedRequests['swap'] = async (previous, next) => {
      const before = await failedRequests.get(previous.guid);
      const done = await failedRequests.swap(previous, next);
      if (done && before) books.wroteRow(before, next, copy);
      return done;
    };
    const isOurs = async (row: FailedRequest, guid: string) =>
      isDeepStrictEqual(await failedRequests.get(guid), { ...row, guid });
    return {
      add: (row) =>
        outside.call(
          by,
          `failedRequests.add ${row.guid} ${row.errorClass}`,
          () => failedRequests.add(row),
          {
            dependency,
          },
        ),
      get: (guid, tenantId) =>
        outside.call(by, 'failedRequests.get', () => failedRequests.get(guid, tenantId), {
          dependency,
        }),
      getMany: (guids) =>
        outside.call(by, 'failedRequests.getMany', () => failedRequests.getMany(guids), {
          dependency,
        }),
      swap: (previous, next) =>
        outside.call(
          by,
          `failedRequests.swap ${previous.guid} ${previous.status} → ${next.status} (replays ${next.replays})`,
          () => swap(previous, next),
          {
            dependency,
            repeat: async () => (await swap(previous, next)) || isOurs(next, previous.guid),
          },
        ),
      remove: (previous) =>
        outside.call(by, 'failedRequests.remove', () => failedRequests.remove(previous), {
          dependency,
        }),
      list: (query, page) =>
        outside.call(by, 'failedRequests.list', () => failedRequests.list(query, page), {
          dependency,
        }),
    };
  };

  const deadLettersOf = (by: Invocation, queue: () => Queue): DeadLetters => ({
    handOver: (body, _tenant, failure) => {
      const send = () => queue().send(body, JSON.stringify(failure));
      const what = `hand over: ${failure.class} ${failure.code}`;
      return outside.call(by, what, send, { dependency: 'dead-letter-queue', repeat: send });
    },
  });

  const ownersOf = (by: Invocation): DeliverDeps['owners'] => ({
    deliveriesTo: (...to) =>
      outside.call(by, 'owners.deliveriesTo', () => owners.deliveriesTo(...to)),
    claim: (...claimed) => {
      const claim = () => owners.claim(...claimed);
      return outside.call(by, `owners.claim ${claimed[0]}`, claim, { repeat: claim });
    },
  });

  const secretsOf = (by: Invocation): DeliverDeps['secrets'] => ({
    get: (tenantId, options) =>
      outside.call(by, 'secrets.get', () => secrets.get(tenantId, options), {
        dependency: 'secrets',
      }),
  });

  /** A worker that began after its campaign was held or stopped sends nothing of it. */
  const guarded = (by: Invocation, gateway: MessageGateway): MessageGateway => ({
    ...gateway,
    send: async (request, ...rest) => {
      const said = await controls.ofTenant(request.tenantId);
      const since = controlOf(said, request)?.at ?? Number.POSITIVE_INFINITY;
      if (byControl(said, request).kind !== 'send' && by.startedAt > since) {
        books.breaks(`${request.guid} left while its campaign was held or stopped`);
      }
      return gateway.send(request, ...rest);
    },
  });

  const deliverDeps = (by: Invocation, copy: Copy | undefined): DeliverDeps => {
    const gateway = {
      clock: by.clock,
      observe: quiet,
    };
    return {
      deliveries: deliveriesOf(by, copy),
      owners: ownersOf(by),
      resolveFailedRequest: (request) => resolveFailedRequest(request, failedRequestsOf(by, copy)),
      deadLetters: deadLettersOf(by, () => outboundDead),
      mayLeaveNow: mayLeaveNow({
        controls: cachedControls(
          {
            ofTenant: (tenantId) =>
              outside.call(by, 'controls.ofTenant', () => controls.ofTenant(tenantId), {
                dependency: 'controls',
              }),
          },
          by.clock,
        ),
        closedUntil: () => undefined,
      }),
      holdStore: {
        keep: (message) => {
          const keep = async () => {
            await held.keep(message);
            books.reach('held');
            onHeld();
          };
          return outside.call(by, `held.keep ${message.request.guid}`, keep, {
            dependency: 'held',
            repeat: keep,
          });
        },
      },
      optOuts: {
        stateOf: (tenantId, address) =>
          outside.call(by, 'optOuts.stateOf', () => optOuts.stateOf(tenantId, address)),
        noteRefusal: (...noted) =>
          outside.call(by, 'optOuts.noteRefusal', () => optOuts.noteRefusal(...noted)),
      },
      identities: {
        remember: (...known) =>
          outside.call(by, 'identities.remember', () => identities.remember(...known)),
      },
      secrets: secretsOf(by),
      gateways: {
        twilio: guarded(
          by,
          twilioGateway({
            ...gateway,
            publicUrl: 'https://connector.example',
            http: outside.http(by, twilio),
          }),
        ),
        scg: guarded(by, scgGateway({ ...gateway, http: outside.http(by, scg) })),
      },
      policy: {
        leaseMs: LEASE,
        inDoubtGraceMs: MINUTE,
        deliveryTtlSeconds: DAYS_90,
        failedRequestTtlSeconds: DAYS_90,
        eventTtlSeconds: scenario.eventTtlSeconds,
        holdMaxMs: scenario.holdMaxMs,
        unknownPolicy: scenario.unknownPolicy,
        maxAttempts: scenario.maxAttempts,
        backoff: { baseSeconds: 5, maxSeconds: 300 },
        random: chance.next,
      },
      clock: by.clock,
      newId: () => `claim by ${by.name}.${chance.whole(0, 1_000_000)}`,
      signalUntil: (time) => outside.signalUntil(by, time),
      observe: quiet,
    };
  };

  const parts = { timeline, chance, outside, trace };
  const isWild = () => !isCalm();
  const keepDeps = (by: Invocation, copy: Copy | undefined) => ({
    failedRequests: failedRequestsOf(by, copy),
    deliveries: deliveriesOf(by, copy),
    optOuts,
    failedRequestTtlSeconds: DAYS_90,
    clock: by.clock,
    observe: quiet,
  });

  const outbound: Queue = queueOf(
    'worker',
    {
      maxReceives: scenario.maxReceives,
      deadLetters: () => outboundDead,
      describe,
      isWild,
      handle: (record, by) => deliver(record, spoil(deliverDeps(by, copyOf(record.body)))),
    },
    parts,
  );
  const outboundDead: Queue = queueOf(
    'dead-letter',
    {
      maxReceives: Number.POSITIVE_INFINITY,
      describe,
      isWild,
      handle: async ({ body, messageId, attribute }, by) => {
        books.reach(attribute === undefined ? 'redriven' : 'handed over');
        return await keepDeadMessage(
          { body, messageId, failure: attribute },
          keepDeps(by, copyOf(body)),
        );
      },
    },
    parts,
  );
  const eventBreaker = breaker({ pause: injectSettings.backoff, probeMs: 30_000 });
  const events: Queue = queueOf(
    'injector',
    {
      maxReceives: 1000,
      deadLetters: () => eventsDead,
      describe,
      isWild,
      handle: (record, by) =>
        inject(record, {
          providers,
          deliveries: deliveriesOf(by, undefined),
          owners: ownersOf(by),
          replyLog,
          identities,
          windows: fakeWindows(),
          optOuts,
          failedRequests: failedRequestsOf(by, undefined),
          deadLetters: deadLettersOf(by, () => eventsDead),
          secrets: secretsOf(by),
          gateway: {
            inject: async () =>
              outside.call(by, 'CI360', () => {
                const how = isCalm()
                  ? 'accepted'
                  : chance.pick(['accepted', 'accepted', 'retry', 'rejected']);
                const failure = {
                  class: 'transient',
                  code: 'ci360',
                  message: 'CI360 said so.',
                } as const;
                return how === 'accepted'
                  ? { kind: how }
                  : { kind: how as 'retry' | 'rejected', failure };
              }),
          },
          breaker: eventBreaker,
          explain: () => undefined,
          settings: injectSettings,
          clock: by.clock,
          random: chance.next,
          signalUntil: (time) => outside.signalUntil(by, time),
          observe: quiet,
        }),
    },
    parts,
  );
  const eventsDead: Queue = queueOf(
    'dead-event',
    {
      maxReceives: Number.POSITIVE_INFINITY,
      describe,
      isWild,
      handle: async ({ body, messageId, attribute }, by) =>
        await keepDeadEvent({ body, messageId, failure: attribute }, keepDeps(by, undefined)),
    },
    parts,
  );

  const accepted = new Set<string>();
  const post = ({ guid, route, to, body, from: named }: Post) => {
    const now = timeline.now();
    const request = aMessageRequest({
      guid,
      tenantId: TENANT,
      provider: route,
      to,
      body,
      from: named ?? from(route),
      fromSource: named === undefined ? 'default' : 'creative',
      generatedAt: now,
      acceptedAt: now,
    });
    trace(() => `posted: ${describe(JSON.stringify(request))} to ${to.slice(-2)} "${body}"`);
    accepted.add(guid);
    outbound.send(JSON.stringify(request));
  };

  return {
    timeline,
    chance,
    trace,
    isCalm,
    outside,
    books,
    deliveries,
    failedRequests,
    optOuts,
    controls,
    held,
    /** Called whenever a message was put into the hold store. */
    whenHeld: (then: () => void) => {
      onHeld = then;
    },
    accepted,
    post,
    outbound,
    events,
    deliveriesOf,
    failedRequestsOf,
    /** The sender that the settings name now. */
    from,
    changeSender: () => {
      sender += 1;
      trace(() => `the default sender is now ${from('twilio')}, SCG's ${from('scg')}`);
    },
    deliveryId: (guid: string) => deliveryIdOf({ tenantId: TENANT, guid }),
  };
}
export type World = ReturnType<typeof modelWorld>;
