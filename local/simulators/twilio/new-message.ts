import type { CallbackMode } from '../fault.ts';
import { behaviourOf } from '../magic-numbers.ts';
import { callbackModeOf } from '../misbehaviour.ts';
import type { TwilioAccount } from './accounts.ts';
import { newSid, type TwilioMessage } from './message.ts';
import { planOf } from './plan.ts';

/** The message that a form which was not refused asks for. */
export function newMessage(
  account: TwilioAccount,
  form: URLSearchParams,
  of: {
    readonly callbacks: CallbackMode;
    readonly mayWrite: boolean;
    readonly isOutsideWindow: boolean;
    /** The error of a template that WhatsApp does not let through. */
    readonly disapproval: number | undefined;
  },
  now: number,
): TwilioMessage {
  const to = form.get('To') ?? '';
  const behaviour = behaviourOf(to);
  const service = form.get('MessagingServiceSid') || null;
  const mediaUrls = form.getAll('MediaUrl').filter(Boolean);
  const statusCallback = form.get('StatusCallback');
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
    plan: planOf(behaviour, to, { ...of, viaService: service !== null }),
    reached: 0,
    callbacks: callbackModeOf(behaviour, of.callbacks),
  };
}
