import { FirstTime } from '../first-time.ts';
import { behaviourOf } from '../magic-numbers.ts';
import { MessageStore } from '../message-store.ts';
import { afterAcceptance, beforeAcceptance } from '../misbehaviour.ts';
import { optOutWord } from '../opt-out-words.ts';
import type { SimulatorContext } from '../options.ts';
import { type Answer, answer, type Reply, type SimRequest, type Simulator } from '../simulator.ts';
import { applicationsOf, type ScgApplication } from './applications.ts';
import { scgError, scgErrorOfStatus } from './errors.ts';
import { envelope, moFields, sendEvent, stateChangeFields, withoutPrefix } from './events.ts';
import { comparable, newScgId, planOf, type ScgMessage, scgMessageSchema } from './message.ts';
import { page, passes, toMessage, toRequest } from './read-model.ts';
import { readSendRequest, type SendRequest } from './send-request.ts';
import { createTokens } from './tokens.ts';

/** Syniverse's messaging API, and its Event Subscription Service. */
export function createScgSimulator(context: SimulatorContext) {
  const store = new MessageStore<ScgMessage>({
    schema: scgMessageSchema,
    idOf: ({ messageId }) => messageId,
    keysOf: ({ requestId, externalId, to, from, direction }) => [
      ...(requestId ? [`request:${requestId}`] : []),
      ...(externalId ? [`external:${externalId}`] : []),
      customerKey(direction === 'MT' ? to : from),
    ],
    keep: context.keep,
    file: context.fileOf('messages'),
  });
  const firstTime = new FirstTime();
  const optOuts = new Set<string>();
  const applications = () => applicationsOf(context.secrets());
  const tokens = createTokens(applications);
  const applicationOf = (tenantId: string) =>
    applications().find((each) => each.tenantId === tenantId);

  async function create(application: ScgApplication, request: SimRequest): Promise<Answer> {
    const sendRequest = readSendRequest(request.body);
    if (typeof sendRequest === 'number') return scgError(sendRequest);
    const { to, body, external_id: externalId } = sendRequest;
    // A request to several people behaves like its first recipient.
    const behaviour = behaviourOf(to[0] ?? '');
    const isFirst = firstTime.isFirst(...to, body, externalId);
    const refusal = beforeAcceptance(behaviour, isFirst, scgErrorOfStatus);
    if (refusal) return refusal;
    if (behaviour === 'invalid') return scgError(40024);

    const requestId = newScgId();
    const lives = to.map((each) => {
      const message = newMessage(application, sendRequest, requestId, each);
      store.put(message);
      return live(message.messageId);
    });
    if (context.fault().callbacks === 'before-answer') await Promise.all(lives);
    return afterAcceptance(behaviour, isFirst, scgErrorOfStatus) ?? answer(200, { id: requestId });
  }

  function newMessage(
    { tenantId }: ScgApplication,
    request: SendRequest,
    requestId: string,
    to: string,
  ): ScgMessage {
    const behaviour = behaviourOf(to);
    const { callbacks } = context.fault();
    const mayWrite = !optOuts.has(pair(tenantId, request.from, to));
    return {
      messageId: newScgId(),
      requestId,
      tenantId,
      direction: 'MT',
      from: request.from,
      to,
      body: request.body,
      mediaUrls: request.media_urls,
      externalId: request.external_id,
      state: '',
      failureCode: null,
      failureDetails: null,
      createdAt: context.clock(),
      sentAt: null,
      deliveredAt: null,
      plan: request.test_message_flag ? [{ state: 'TEST' }] : planOf(behaviour, to, mayWrite),
      reached: 0,
      callbacks:
        callbacks !== 'normal'
          ? callbacks
          : behaviour === 'silent'
            ? 'never'
            : behaviour === 'late'
              ? 'late'
              : 'normal',
    };
  }

  /** Sees a message through the rest of its plan. */
  function live(messageId: string): Promise<void> {
    const message = store.get(messageId);
    if (!message) return Promise.resolve();
    return context.runner.run({
      steps: message.plan.map((_, step) => step).slice(message.reached),
      mode: message.callbacks,
      reach: (step) => reach(messageId, step),
      tell: (step) => tell(messageId, step),
      after: async () => {
        if (behaviourOf(message.to) === 'replies' && message.direction === 'MT')
          await reply({ from: message.to, to: message.from, body: 'Thanks' });
      },
    });
  }

  function reach(messageId: string, step: number): void {
    const message = store.get(messageId);
    const next = message?.plan[step];
    if (!message || !next || step < message.reached) return;
    const now = context.clock();
    store.put({
      ...message,
      state: next.state,
      failureCode: next.reasonCode ?? null,
      failureDetails: next.reason ?? null,
      sentAt: message.sentAt ?? (next.state === 'SENT' ? now : null),
      deliveredAt: message.deliveredAt ?? (next.state === 'DELIVERED' ? now : null),
      reached: step + 1,
    });
  }

  async function tell(messageId: string, step: number): Promise<void> {
    const message = store.get(messageId);
    const application = message && applicationOf(message.tenantId);
    const connector = context.connectorUrl();
    if (!message || !application || !connector) return;
    const fields = stateChangeFields(message, step, context.fault().externalIdInEvents);
    const payload = envelope('message_state_change', fields, context.clock());
    await sendEvent(context.webhooks, application, connector, payload);
  }

  async function reply({ from, to, body, mediaUrls = [], fields = {}, flat, tenant }: Reply) {
    const application = applicationFor(from, to, tenant);
    const connector = context.connectorUrl();
    const now = context.clock();
    const message: ScgMessage = {
      messageId: newScgId(),
      requestId: '',
      tenantId: application?.tenantId ?? '',
      direction: 'MO',
      from,
      to,
      body,
      mediaUrls: [...mediaUrls],
      externalId: '',
      state: 'RECEIVED',
      failureCode: null,
      failureDetails: null,
      createdAt: now,
      sentAt: null,
      deliveredAt: null,
      plan: [],
      reached: 0,
      callbacks: 'never',
    };
    if (!application || !connector) return { messageId: message.messageId, status: undefined };
    store.put(message);
    noteOptOut(message);
    const values = { ...moFields(message), ...fields };
    const payload = flat ? () => values : envelope('mo_message_received', values, now);
    const outcome = await sendEvent(context.webhooks, application, connector, payload);
    const status = outcome.kind === 'answered' ? outcome.status : undefined;
    return { messageId: message.messageId, status };
  }

  /** The tenant that is asked for, else the one that last wrote from this sender to this customer, else the first. */
  function applicationFor(customer: string, sender: string, tenant: string | undefined) {
    if (tenant !== undefined) return applicationOf(tenant);
    const isPair = (message: ScgMessage): boolean =>
      message.direction === 'MT' && withoutPrefix(message.from) === withoutPrefix(sender);
    const last = [...store.withKey(customerKey(customer))].findLast(isPair);
    return (last && applicationOf(last.tenantId)) ?? applications()[0];
  }

  function noteOptOut({ tenantId, from, to, body }: ScgMessage): void {
    const word = optOutWord(body);
    if (word === 'STOP') optOuts.add(pair(tenantId, to, from));
    if (word === 'START') optOuts.delete(pair(tenantId, to, from));
  }

  function list(
    application: ScgApplication,
    kind: 'requests' | 'messages',
    query: URLSearchParams,
  ) {
    const externalId = context.fault().externalIdFilter ? query.get('external_id') : null;
    const to = query.get('to') ?? query.get('to_address');
    const among =
      externalId !== null
        ? store.withKey(`external:${externalId}`)
        : to
          ? store.withKey(customerKey(to))
          : store.all();
    const messages = [...among].filter(
      (message) => message.tenantId === application.tenantId && passes(message, query),
    );
    if (kind === 'messages') return page(messages.map(toMessage), query);
    const ofRequests = Map.groupBy(
      messages.filter(({ direction }) => direction === 'MT'),
      ({ requestId }) => requestId,
    );
    return page([...ofRequests.values()].map(toRequest), query);
  }

  const brokenOff = store
    .all()
    .filter(({ plan, reached }) => reached < plan.length)
    .map(({ messageId }) => messageId);
  for (const message of store.all()) if (message.direction === 'MO') noteOptOut(message);

  async function handle(request: SimRequest): Promise<Answer> {
    if (/\/apptoken-refresh$/.test(request.path)) return tokens.refresh(request.query);
    const token = /^Bearer\s+(\S+)$/i.exec(String(request.headers.authorization ?? ''))?.[1] ?? '';
    if (tokens.isExpired(token)) return scgError(4046);
    const application = tokens.applicationOf(token);
    if (!application) return scgError(4010);
    const match = pathPattern.exec(request.path);
    const [, resource = '', id, sub] = match ?? [];
    switch (`${request.method} ${resource}${id ? '/id' : ''}${sub ? `/${sub}` : ''}`) {
      case 'POST message_requests':
        return create(application, request);
      case 'GET message_requests':
        return list(application, 'requests', request.query);
      case 'GET messages':
        return list(application, 'messages', request.query);
      case 'GET message_requests/id': {
        const messages = [...store.withKey(`request:${id}`)].filter(
          ({ tenantId }) => tenantId === application.tenantId,
        );
        return messages.length > 0 ? answer(200, toRequest(messages)) : scgError(4040);
      }
      case 'GET message_requests/id/messages':
        return page([...store.withKey(`request:${id}`)].map(toMessage), request.query);
      case 'GET messages/id': {
        const message = store.get(id ?? '');
        return message?.tenantId === application.tenantId
          ? answer(200, toMessage(message))
          : scgError(4040);
      }
      default:
        return scgError(4040);
    }
  }

  const messages = (): ScgMessage[] => store.all().filter(({ direction }) => direction === 'MT');

  return {
    name: 'scg',
    rootPaths: ['scg-external-api', 'saop-rest-data'],
    handle,
    errorAnswer: scgErrorOfStatus,
    creates: ({ method, path }: SimRequest) => method === 'POST' && path.includes('/messaging/'),
    reply,
    accepted: messages,
    resume: () => {
      for (const id of brokenOff) void live(id);
    },
    forget: () => store.forget(),
    close: () => store.close(),
    /** What was accepted, oldest first. */
    messages,
    /** From now on the token is answered with 404 and SCG_ERROR_4046. */
    expireToken: tokens.expire,
    /** Waits for a message, either way, that is or becomes so. */
    waitFor: (fits: (message: ScgMessage) => boolean, timeoutMs?: number) =>
      store.waitFor(fits, timeoutMs),
    /** Waits until this many were accepted. */
    waitForCount: (count: number, timeoutMs?: number) =>
      store.until(
        () => {
          if (store.size < count) return false;
          const accepted = messages();
          return accepted.length >= count && accepted;
        },
        `${count} messages at SCG`,
        timeoutMs,
      ),
  } satisfies Simulator & Record<string, unknown>;
}

const pathPattern =
  /^(?:\/scg-external-api\/api\/v1)?\/messaging\/(message_requests|messages)(?:\/([^/]+))?(?:\/(messages))?\/?$/;

/** Messages of one customer over all channels, to look among. */
const customerKey = (address: string): string => `to:${comparable(withoutPrefix(address))}`;

/** A reply does not name its channel, so the customer's address counts without its prefix. */
const pair = (tenantId: string, sender: string, customer: string): string =>
  JSON.stringify([tenantId, withoutPrefix(sender), customerKey(customer)]);
