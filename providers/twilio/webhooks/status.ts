import {
  errorCodeSchema,
  personAddressSchema,
  providerMessageIdSchema,
  statusKey,
} from '../../../domain/feedback/external-event-request.ts';
import { statusOf } from '../../../domain/feedback/status-names.ts';
import {
  channelOf,
  readTwilioRequest,
  type TwilioWebhookDeps,
} from '../../../domain/feedback/twilio-webhook.ts';
import type { HttpAnswer, HttpRequest } from '../../../domain/http.ts';
import { bareAddress } from '../../../domain/outbound/address-prefix.ts';
import { guidSchema } from '../../../domain/outbound/message-request.ts';
import { fromTwilioStatusQuery } from '../reference.ts';
import { twilioStatuses } from '../statuses.ts';

const heard: HttpAnswer = { status: 204 };

/**
 * `POST /webhooks/twilio/{tenantId}/status`: puts a status update on the ci360-events queue. What
 * cannot be used is acknowledged all the same: Twilio would only repeat it.
 */
export async function twilioStatus(
  request: HttpRequest,
  deps: TwilioWebhookDeps,
): Promise<HttpAnswer> {
  const read = await readTwilioRequest(
    request,
    `/webhooks/twilio/${request.params.tenantId}/status`,
    deps,
  );
  const { form, tenantId } = read;
  const { observe } = deps;

  const word = form.get('MessageStatus') ?? form.get('SmsStatus') ?? '';
  if (statusOf(twilioStatuses, word) === undefined) {
    observe.count('unmapped', { provider: 'twilio' });
    return heard;
  }
  const correlation = fromTwilioStatusQuery(tenantId, request.query);
  const guid = guidSchema.safeParse(correlation?.guid);
  const id = providerMessageIdSchema.safeParse(form.get('MessageSid') ?? form.get('SmsSid'));
  if (correlation === undefined || !guid.success || !id.success) {
    observe.count('uncorrelated', { provider: 'twilio' });
    return heard;
  }
  const to = personAddressSchema.safeParse(form.get('To')).data ?? '';
  const errorCode = errorCodeSchema.safeParse(form.get('ErrorCode')).data;
  const errorText = form.get('ErrorMessage') ?? form.get('ChannelStatusMessage');
  await deps.queue.enqueue({
    v: 1,
    kind: 'status',
    key: statusKey({ provider: 'twilio', providerMessageId: id.data, word }),
    tenantId,
    provider: 'twilio',
    channel: channelOf(to, id.data.startsWith('MM') ? 1 : 0),
    providerMessageId: id.data,
    receivedAt: deps.clock(),
    word,
    guid: guid.data,
    identityId: correlation.identityId,
    externalCode: correlation.externalCode,
    responseTrackingCode: correlation.responseTrackingCode,
    ...(errorCode ? { errorCode } : {}),
    ...(errorText ? { errorText } : {}),
    ...(to ? { address: bareAddress(to) } : {}),
  });
  observe.count('status_update', { provider: 'twilio' });
  return heard;
}
