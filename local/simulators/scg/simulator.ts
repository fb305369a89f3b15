import { FirstTime } from '../first-time.ts';
import { behaviourOf } from '../magic-numbers.ts';
import { MessageStore } from '../message-store.ts';
import { afterAcceptance, beforeAcceptance } from '../misbehaviour.ts';
import type { SimulatorContext } from '../options.ts';
import { type Answer, answer, type SimRequest, type Simulator } from '../simulator.ts';
import { applicationsOf, type ScgApplication } from './applications.ts';
import { createCustomers } from './customers.ts';
import { scgError, scgErrorOfStatus } from './errors.ts';
import { createLives } from './lives.ts';
import { customerKey, isMade, newScgId, type ScgMessage, scgMessageSchema } from './message.ts';
import { newMessage } from './new-message.ts';
import { knowsAll, page, passes, toMessage, toRequest } from './read-model.ts';
import { readSendRequest } from './send-request.ts';
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
  const applications = () => applicationsOf(context.secrets());
  const tokens = createTokens(applications);
  const customers = createCustomers(context, store, applications);
  const live = createLives(context, store, applications, customers.reply);
  const firstTime = new FirstTime();
  const brokenOff = store
    .all()
    .filter(({ plan, reached }) => reached < plan.length)
    .map(({ messageId }) => messageId);

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

    const { tenantId } = application;
    const requestId = newScgId();
    const now = context.clock();
    const { callbacks } = context.fault();
    const lives = to.map((each) => {
      const hasOptedOut = customers.hasOptedOut(tenantId, sendRequest.from, each);
      const of = { requestId, tenantId, hasOptedOut, callbacks, now };
      const message = newMessage(sendRequest, each, of);
      store.put(message);
      return live(message.messageId);
    });
    if (callbacks === 'before-answer') await Promise.all(lives);
    return afterAcceptance(behaviour, isFirst, scgErrorOfStatus) ?? answer(200, { id: requestId });
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
    if (!knowsAll(kind, query)) return scgError(4004);
    const messages = [...among].filter(
      (message) => message.tenantId === application.tenantId && passes(message, query),
    );
    const state = query.get('state');
    const inState = (item: Record<string, unknown>) => state === null || item.state === state;
    if (kind === 'messages') {
      return page(messages.filter(isMade).map(toMessage).filter(inState), query);
    }
    const ofRequests = Map.groupBy(
      messages.filter(({ direction }) => direction === 'MT'),
      ({ requestId }) => requestId,
    );
    return page([...ofRequests.values()].map(toRequest).filter(inState), query);
  }

  const messagesOf = ({ tenantId }: ScgApplication, requestId = '') =>
    [...store.withKey(`request:${requestId}`)].filter((message) => message.tenantId === tenantId);

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
        const messages = messagesOf(application, id);
        return messages.length > 0 ? answer(200, toRequest(messages)) : scgError(4040);
      }
      case 'GET message_requests/id/messages': {
        const messages = messagesOf(application, id);
        if (messages.length === 0) return scgError(4040);
        if (!knowsAll('messages of a request', request.query)) return scgError(4004);
        return page(messages.filter(isMade).map(toMessage), request.query);
      }
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
    reply: customers.reply,
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
