import { FirstTime } from '../first-time.ts';
import { behaviourOf } from '../magic-numbers.ts';
import { MessageStore } from '../message-store.ts';
import { afterAcceptance, beforeAcceptance } from '../misbehaviour.ts';
import { optOutWord } from '../opt-out-words.ts';
import type { SimulatorContext } from '../options.ts';
import { type Answer, answer, type Reply, type SimRequest, type Simulator } from '../simulator.ts';
import { accountsOf, authenticate, type TwilioAccount } from './accounts.ts';
import { twilioError, twilioErrorOfStatus } from './errors.ts';
import { formOf } from './form.ts';
import { listMessages } from './list.ts';
import { newSid, type TwilioMessage, toResource, twilioMessageSchema } from './message.ts';
import { planOf } from './plan.ts';
import { messageTextsOf } from './twiml.ts';
import { channelOf, refusalOf } from './validate.ts';
import { callWebhook, inboundParams, statusParams } from './webhooks.ts';

/** The number a Messaging Service takes from its pool. */
const poolNumber = '+15005550006';

/** Twilio's messaging API, and Twilio's side of the webhooks. */
export function createTwilioSimulator(context: SimulatorContext) {
  const store = new MessageStore<TwilioMessage>({
    schema: twilioMessageSchema,
    idOf: (message) => message.sid,
    keysOf: (message) => [message.to],
    keep: context.keep,
    file: context.fileOf('messages'),
  });
  const firstTime = new FirstTime();
  const optOuts = new Set<string>();
  const accounts = () => accountsOf(context.secrets());
  const accountOf = (message: TwilioMessage) =>
    accounts().find(({ accountSid }) => accountSid === message.accountSid);

  async function create(account: TwilioAccount, request: SimRequest): Promise<Answer> {
    const form = await formOf(request);
    const to = form.get('To') ?? '';
    const behaviour = behaviourOf(to);
    const isFirst = firstTime.isFirst(to, form.get('Body') ?? '');
    const refusal = beforeAcceptance(behaviour, isFirst, twilioErrorOfStatus);
    if (refusal) return refusal;
    const code =
      refusalOf(form) ??
      (behaviour === 'invalid' ? 21211 : behaviour === 'landline' ? 21614 : undefined);
    if (code !== undefined) return twilioError(code);
    const sender = form.get('From') || poolNumber;
    if (behaviour === 'opted-out' || optOuts.has(pair(account.accountSid, sender, to)))
      return twilioError(21610);

    const message = newMessage(account, form);
    store.put(message);
    const initial = toResource(message);
    if (message.messagingServiceSid) store.put({ ...message, from: sender });
    const life = live(message.sid);
    if (message.callbacks === 'before-answer') await life;
    return (
      afterAcceptance(behaviour, isFirst, twilioErrorOfStatus) ??
      answer(201, initial, requestHeaders())
    );
  }

  function newMessage(account: TwilioAccount, form: URLSearchParams): TwilioMessage {
    const to = form.get('To') ?? '';
    const behaviour = behaviourOf(to);
    const service = form.get('MessagingServiceSid') || null;
    const mediaUrls = form.getAll('MediaUrl').filter(Boolean);
    const now = context.clock();
    const statusCallback = form.get('StatusCallback');
    const { callbacks } = context.fault();
    return {
      sid: newSid(mediaUrls.length > 0 ? 'MM' : 'SM'),
      tenantId: account.tenantId,
      accountSid: account.accountSid,
      messagingServiceSid: service,
      from: form.get('From') || null,
      to,
      body: form.get('Body') ?? '',
      mediaUrls,
      direction: 'outbound-api',
      status: service ? 'accepted' : 'queued',
      errorCode: null,
      createdAt: now,
      sentAt: null,
      updatedAt: now,
      ...(statusCallback ? { statusCallback } : {}),
      plan: planOf(behaviour, to, service !== null),
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
  function live(sid: string): Promise<void> {
    const message = store.get(sid);
    if (!message) return Promise.resolve();
    return context.runner.run({
      steps: message.plan.map((_, step) => step).slice(message.reached),
      mode: message.callbacks,
      reach: (step) => reach(sid, step),
      tell: (step) => tell(sid, step),
      after: async () => {
        if (behaviourOf(message.to) === 'replies' && message.direction === 'outbound-api')
          await reply({ from: message.to, to: store.get(sid)?.from ?? '', body: 'Thanks' });
      },
    });
  }

  function reach(sid: string, step: number): void {
    const message = store.get(sid);
    const next = message?.plan[step];
    if (!message || !next || step < message.reached) return;
    const now = context.clock();
    store.put({
      ...message,
      status: next.status,
      errorCode: next.errorCode ?? null,
      sentAt: message.sentAt ?? (next.status === 'queued' ? null : now),
      updatedAt: now,
      reached: step + 1,
    });
  }

  async function tell(sid: string, step: number): Promise<void> {
    const message = store.get(sid);
    const reached = message?.plan[step];
    const account = message && accountOf(message);
    if (!message?.statusCallback || !reached || !account) return;
    const params = statusParams(message, reached, context.clock());
    await callWebhook(context.webhooks, account, message.statusCallback, params);
  }

  async function reply({ from, to, body, mediaUrls = [], fields = {}, tenant }: Reply) {
    const account = accountFor(from, to, tenant);
    const connector = context.connectorUrl();
    const now = context.clock();
    const message: TwilioMessage = {
      sid: newSid(mediaUrls.length > 0 ? 'MM' : 'SM'),
      tenantId: account?.tenantId ?? '',
      accountSid: account?.accountSid ?? '',
      messagingServiceSid: null,
      from,
      to,
      body,
      mediaUrls: [...mediaUrls],
      direction: 'inbound',
      status: 'received',
      errorCode: null,
      createdAt: now,
      sentAt: now,
      updatedAt: now,
      plan: [],
      reached: 0,
      callbacks: 'never',
    };
    if (!account || !connector) return { messageId: message.sid, status: undefined };
    store.put(message);
    noteOptOut(message);
    const url = `${connector}/webhooks/twilio/${encodeURIComponent(account.tenantId)}/inbound`;
    const outcome = await callWebhook(
      context.webhooks,
      account,
      url,
      inboundParams(message, fields),
    );
    if (outcome.kind !== 'answered') return { messageId: message.sid, status: undefined };
    for (const text of messageTextsOf(outcome.body))
      store.put({
        ...message,
        sid: newSid('SM'),
        from: to,
        to: from,
        body: text,
        mediaUrls: [],
        direction: 'outbound-reply',
        status: 'sent',
      });
    return { messageId: message.sid, status: outcome.status };
  }

  /** The account that last wrote from this sender to this customer, else the one that is asked for, else the first. */
  function accountFor(customer: string, sender: string, tenant: string | undefined) {
    const known = accounts();
    if (tenant !== undefined) return known.find(({ tenantId }) => tenantId === tenant);
    const last = [...store.withKey(customer)].findLast(({ from }) => from === sender);
    return (last && accountOf(last)) ?? known[0];
  }

  function noteOptOut({ accountSid, from, to, body }: TwilioMessage): void {
    const word = optOutWord(body);
    const key = pair(accountSid, to, from ?? '');
    if (word === 'STOP') optOuts.add(key);
    if (word === 'START') optOuts.delete(key);
  }

  const brokenOff = store
    .all()
    .filter(({ plan, reached }) => reached < plan.length)
    .map(({ sid }) => sid);
  for (const message of store.all()) if (message.direction === 'inbound') noteOptOut(message);

  const isOutbound = ({ direction }: TwilioMessage): boolean => direction !== 'inbound';
  const messages = (): TwilioMessage[] => store.all().filter(isOutbound);

  async function handle(request: SimRequest): Promise<Answer> {
    const account = authenticate(accounts(), request);
    if (!account) return twilioError(20003);
    const match = /^\/2010-04-01\/Accounts\/([^/]+)\/Messages(?:\/([^/.]+))?(?:\.json)?$/.exec(
      request.path,
    );
    if (!match || match[1] !== account.accountSid) return twilioError(20404);
    const sid = match[2];
    const call = `${request.method} ${sid === undefined ? 'list' : 'one'}`;
    if (call === 'POST list') return create(account, request);
    if (call === 'GET list') {
      const to = request.query.get('To');
      const among = to ? [...store.withKey(to)] : store.all();
      return listMessages(among, account.accountSid, request.query);
    }
    if (call !== 'GET one') return twilioError(20004);
    const message = store.get(sid ?? '');
    return message?.accountSid === account.accountSid
      ? answer(200, toResource(message), requestHeaders())
      : twilioError(20404);
  }

  return {
    name: 'twilio',
    rootPaths: ['2010-04-01'],
    handle,
    errorAnswer: twilioErrorOfStatus,
    creates: ({ method, path }: SimRequest) => method === 'POST' && path.includes('/Messages'),
    reply,
    accepted: messages,
    resume: () => {
      for (const id of brokenOff) void live(id);
    },
    forget: () => store.forget(),
    close: () => store.close(),
    /** What was accepted, oldest first, replies by TwiML included. */
    messages,
    /** Waits for a message, outbound or inbound, that is or becomes so. */
    waitFor: (fits: (message: TwilioMessage) => boolean, timeoutMs?: number) =>
      store.waitFor(fits, timeoutMs),
    /** Waits until this many were accepted. */
    waitForCount: (count: number, timeoutMs?: number) =>
      store.until(
        () => {
          if (store.size < count) return false;
          const accepted = messages();
          return accepted.length >= count && accepted;
        },
        `${count} messages at Twilio`,
        timeoutMs,
      ),
  } satisfies Simulator & Record<string, unknown>;
}

/** WhatsApp and SMS opt-outs are separate: the addresses differ by their prefix. */
const pair = (account: string, sender: string, customer: string): string =>
  JSON.stringify([account, sender, customer, channelOf(customer)]);

const requestHeaders = (): Record<string, string> => ({
  'twilio-request-id': newSid('RQ'),
  'twilio-concurrent-requests': '1',
  'twilio-request-duration': '0.010',
  'x-home-region': 'us1',
});
