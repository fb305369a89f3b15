import type { CallbackReading, Callbacks } from '../../../domain/feedback/callback.ts';
import type { HttpRequest } from '../../../domain/http.ts';
import { bareAddress } from '../../../domain/outbound/address-prefix.ts';
import { fromTwilioStatusQuery } from '../reference.ts';
import { twilioStatuses } from '../statuses.ts';
import { channelOf, type SignedFormOptions, signedForms } from './signed-form.ts';

/** `POST /webhooks/twilio/{tenantId}/status`: the StatusCallback of a message. */
export const twilioStatusCallbacks = (options: SignedFormOptions): Callbacks => ({
  ...signedForms(
    ({ tenantId }) => `/webhooks/twilio/${tenantId}/status`,
    (form, request) => () => readStatus(form, request),
    options,
  ),
  statuses: twilioStatuses,
  acknowledge: () => ({ status: 204 }),
});

function readStatus(form: URLSearchParams, { params, query }: HttpRequest): CallbackReading {
  const sid = form.get('MessageSid') ?? form.get('SmsSid') ?? '';
  const to = form.get('To') ?? '';
  return {
    kind: 'status',
    word: form.get('MessageStatus') ?? form.get('SmsStatus') ?? '',
    providerMessageId: sid,
    correlation: fromTwilioStatusQuery(params.tenantId ?? '', query),
    channel: channelOf(to, sid.startsWith('MM') ? 1 : 0),
    errorCode: form.get('ErrorCode') ?? undefined,
    errorText: form.get('ErrorMessage') ?? form.get('ChannelStatusMessage') ?? undefined,
    address: bareAddress(to),
  };
}
