import type { Clock } from '../clock.ts';
import type { HttpRequest } from '../http.ts';
import type { Observe } from '../observe.ts';
import { channelOfAddress } from '../outbound/address-prefix.ts';
import type { Channel } from '../outbound/channel.ts';
import { Refused } from '../refused.ts';
import { tenantIdSchema } from '../tenant/tenant-id.ts';
import type { TenantSecret, TenantSecrets } from '../tenant/tenant-secret.ts';
import { Unavailable } from '../unavailable.ts';
import type { EventQueue, SignatureCheck } from './ports.ts';
import { isSignature, isTooLarge, parametersOf } from './twilio-form.ts';

export type TwilioWebhookDeps = {
  readonly secrets: TenantSecrets;
  readonly signed: SignatureCheck;
  readonly queue: EventQueue;
  /**
   * The base URLs that Twilio may call: it signs the whole URL, and we see only what the gateway left of
   * it. The current one first, then those that callbacks of earlier messages still carry.
   */
  readonly publicUrls: readonly string[];
  readonly clock: Clock;
  readonly observe: Observe;
};

/** A request that Twilio signed for this tenant and this URL. */
export type TwilioRequest = {
  readonly tenantId: string;
  readonly secret: TenantSecret;
  readonly form: URLSearchParams;
};

/**
 * Checks `X-Twilio-Signature` of a request to one of `publicUrls` + `path`, the tenant's part of the
 * path filled in. Size and shape are checked before anything is read. An unknown tenant and a wrong
 * signature get the same answer, so that nobody learns which tenants there are. A token that was
 * rotated a moment ago is found by one refresh of the secret.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export async function readTwilioRequest(
  request: HttpRequest,
  path: string,
  deps: Omit<TwilioWebhookDeps, 'queue'>,
): Promise<TwilioRequest> {
  const { observe, secrets } = deps;
  const refused = (code: string): Refused => {
    observe.count('forged', { provider: 'twilio' });
    observe.warn('webhook call refused', {
      tenantId,
      requestId: request.requestId,
      provider: 'twilio',
      code,
      ...(request.sourceIp ? { source: request.sourceIp } : {}),
    });
    return new Refused(403, 'FORBIDDEN', 'The signature does not fit this request.');
  };

  const tenantId = tenantIdSchema.safeParse(request.params.tenantId).data ?? '';
  if (isTooLarge(request.body)) {
    observe.count('refused', { provider: 'twilio', reason: 'too-large' });
    throw new Refused(413, 'PAYLOAD_TOO_LARGE', 'The form is larger than any of Twilio.');
  }
  const signature = request.headers['x-twilio-signature'];
  if (!isSignature(signature)) throw refused('signature-shape');
  if (tenantId === '') throw refused('tenant-shape');

  const form = new URLSearchParams(request.body);
  const accountSid = form.get('AccountSid');
  const isAuthentic = checkOf(request, path, signature, parametersOf(form), deps);
  const judge = (secret: TenantSecret): TwilioRequest | undefined => {
    if (!isAuthentic(tokensOf(secret))) return undefined;
    const { twilio_account_sid: ours } = secret;
    if (accountSid && ours && accountSid !== ours) throw refused('other-account');
    return { tenantId, secret, form };
  };

  const first = await secrets.get(tenantId);
  if (first.kind === 'unknown-tenant') {
    // As much work as for a tenant that exists; no request is signed with this token.
    isAuthentic([tenantId]);
    throw refused('unknown-tenant');
  }
  const judged = first.kind === 'found' ? judge(first.secret) : undefined;
  if (judged !== undefined) return judged;
  const fresh = await secrets.get(tenantId, { refresh: true });
  // No caller can be verified while the secret cannot be read, so Twilio is asked to come back.
  if (fresh.kind === 'invalid') throw new Unavailable('secrets');
  const changed =
    fresh.kind === 'found' && (first.kind !== 'found' || fresh.secret !== first.secret);
  const judgedAgain = changed ? judge(fresh.secret) : undefined;
  if (judgedAgain === undefined) throw refused('signature');
  return judgedAgain;
}

/** Whether one of some tokens signed the request, for any of the URLs under which Twilio may know us. */
function checkOf(
  request: HttpRequest,
  path: string,
  signature: string,
  parameters: ReturnType<typeof parametersOf>,
  { signed, publicUrls }: Pick<TwilioWebhookDeps, 'signed' | 'publicUrls'>,
): (tokens: readonly string[]) => boolean {
  const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
  return (tokens) =>
    publicUrls.some((base) => signed(tokens, signature, `${base}${path}${query}`, parameters));
}

/** The primary token, and during a rotation the secondary one. */
const tokensOf = (secret: TenantSecret): string[] =>
  [secret.twilio_auth_token, secret.twilio_auth_token_secondary].filter(
    (token): token is string => token !== undefined && token !== '',
  );

/** The channel that an address of Twilio's names by its prefix; numbers alone are texted. */
export const channelOf = (address: string, media: number): Channel =>
  channelOfAddress(address) ?? (media > 0 ? 'MMS' : 'SMS');
