import * as z from 'zod';
import { FirstTime } from '../first-time.ts';
import { behaviourOf } from '../magic-numbers.ts';
import { MessageStore } from '../message-store.ts';
import { afterAcceptance, beforeAcceptance } from '../misbehaviour.ts';
import type { SimulatorContext } from '../options.ts';
import { type Answer, answer, type SimRequest, type Simulator } from '../simulator.ts';
import { accountsOf, authenticate, type TwilioAccount } from './accounts.ts';
import { bodyOf, listContents, templateError } from './contents.ts';
import { createCustomers } from './customers.ts';
import { twilioError, twilioErrorOfStatus } from './errors.ts';
import { formOf } from './form.ts';
import { listMessages } from './list.ts';
import { createLives } from './lives.ts';
import {
  newSid,
  segmentsOf,
  type TwilioMessage,
  toResource,
  twilioMessageSchema,
} from './message.ts';
import { newMessage } from './new-message.ts';
import { SenderLimits } from './sender-limits.ts';
import { twilioSettingsSchema, whatsappSendersOf } from './settings.ts';
import { smartEncoded } from './smart-encoding.ts';
import { channelOf, mayCall, refusalOf } from './validate.ts';

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
  const accounts = () => accountsOf(context.secrets());
  const customers = createCustomers(context, store, accounts);
  const live = createLives(context, store, accounts, customers.reply);
  const firstTime = new FirstTime();
  const limits = new SenderLimits();
  const brokenOff = store
    .all()
    .filter(({ plan, reached }) => reached < plan.length)
    .map(({ sid }) => sid);

  let settings = twilioSettingsSchema.parse({});
  const accountOf = ({ tenantId }: TwilioAccount) => ({
    whatsappSenders: whatsappSendersOf(settings, context.secrets(), tenantId),
    templates: settings.templates,
    mayCall: mayCall(context.connectorUrl(), settings.privateCallbacks === 'any'),
  });

  async function create(account: TwilioAccount, request: SimRequest): Promise<Answer> {
    const form = await formOf(request);
    const to = form.get('To') ?? '';
    const behaviour = behaviourOf(to);
    // The StatusCallback names the message where two have the same text.
    const isFirst = firstTime.isFirst(to, form.get('Body') ?? '', form.get('StatusCallback') ?? '');
    const refusal = beforeAcceptance(behaviour, isFirst, twilioErrorOfStatus);
    if (refusal) return refusal;
    const code =
      refusalOf(form, accountOf(account)) ??
      (behaviour === 'invalid' ? 21211 : behaviour === 'landline' ? 21614 : undefined);
    if (code !== undefined) return twilioError(code);
    const channel = channelOf(to);
    const sender = form.get('From') || (channel ? `${channel}:${poolNumber}` : poolNumber);
    const mayWrite =
      behaviour !== 'opted-out' && !customers.hasOptedOut(account.accountSid, sender, to);
    // A Messaging Service chooses the sender after it has accepted, and finds out only then.
    if (!mayWrite && !form.get('MessagingServiceSid')) return twilioError(21610);

    const limited = form.get('MessagingServiceSid') || sender;
    const segments = channel === '' ? segmentsOf(form.get('Body') ?? '') : 1;
    const perSecond = settings.segmentsPerSecond[limited];
    if (!limits.takes(`${account.accountSid}/${limited}`, segments, perSecond, context.clock())) {
      return twilioError(21611);
    }

    const { callbacks, smartEncoding } = context.fault();
    if (smartEncoding) form.set('Body', smartEncoded(form.get('Body') ?? ''));
    const content = settings.templates.find(({ sid }) => sid === form.get('ContentSid'));
    if (content) form.set('Body', bodyOf(content, variablesOf(form)));
    const isOutsideWindow =
      channel === 'whatsapp' &&
      settings.whatsappWindow === 'check' &&
      !form.get('ContentSid') &&
      !customers.hasWrittenLately(account.accountSid, sender, to);
    const disapproval = content && channel === 'whatsapp' ? templateError(content) : undefined;
    const of = { callbacks, mayWrite, isOutsideWindow, disapproval };
    const message = newMessage(account, form, of, context.clock());
    store.put(message.messagingServiceSid ? { ...message, from: sender } : message);
    const life = live(message.sid);
    if (message.callbacks === 'before-answer') await life;
    return (
      afterAcceptance(behaviour, isFirst, twilioErrorOfStatus) ??
      answer(201, toResource(message), requestHeaders())
    );
  }

  async function handle(request: SimRequest): Promise<Answer> {
    const account = authenticate(accounts(), request);
    if (!account) return twilioError(20003);
    if (request.method === 'GET' && request.path === '/v2/ContentAndApprovals') {
      return answer(200, listContents(settings.templates, account.accountSid, request.query));
    }
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

  const messages = (): TwilioMessage[] =>
    store.all().filter(({ direction }) => direction !== 'inbound');

  return {
    name: 'twilio',
    rootPaths: ['2010-04-01'],
    handle,
    errorAnswer: twilioErrorOfStatus,
    creates: ({ method, path }: SimRequest) => method === 'POST' && path.includes('/Messages'),
    reply: customers.reply,
    settings: {
      schema: twilioSettingsSchema,
      current: () => settings,
      set: (given: unknown) => {
        settings = twilioSettingsSchema.parse(given);
      },
    },
    accepted: messages,
    resume: () => {
      for (const sid of brokenOff) void live(sid);
    },
    forget: () => {
      store.forget();
      limits.forget();
    },
    close: () => store.close(),
    /** What was accepted, oldest first, answers by TwiML included. */
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

/** The values of a template's variables; the form has been checked. */
const variablesOf = (form: URLSearchParams): Record<string, string> =>
  z.record(z.string(), z.string()).parse(JSON.parse(form.get('ContentVariables') || '{}'));

const requestHeaders = (): Record<string, string> => ({
  'twilio-request-id': newSid('RQ'),
  'twilio-concurrent-requests': '1',
  'twilio-request-duration': '0.010',
  'x-home-region': 'us1',
});
