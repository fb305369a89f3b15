import type { Clock } from '../clock.ts';
import { errorAnswer, type HttpAnswer, type HttpRequest } from '../http.ts';
import type { Observe } from '../observe.ts';
import { channelOfAddress } from '../outbound/address-prefix.ts';
import type { Channel } from '../outbound/channel.ts';
import { tenantIdSchema } from '../outbound/message-request.ts';
import type { TenantSecret, TenantSecrets } from '../tenant/tenant-secret.ts';
import { Unavailable } from '../unavailable.ts';
import type { EventQueue, SignatureCheck } from './ports.ts';

export type TwilioWebhookDeps = {
  readonly secrets: TenantSecrets;
  readonly signed: SignatureCheck;
  readonly queue: EventQueue;
  /** The base URL that Twilio calls: it signs the whole URL, and we see only what the gateway left of it. */
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly observe: Observe;
};

/** A request that Twilio signed for this tenant and this URL, or the answer to one that it did not. */
export type TwilioRequest =
  | {
      readonly kind: 'signed';
      readonly tenantId: string;
      readonly secret: TenantSecret;
      readonly form: URLSearchParams;
    }
  | { readonly kind: 'refused'; readonly answer: HttpAnswer };

/**
 * Checks `X-Twilio-Signature` of a request to `{publicUrl}{path}`, the tenant's part of the path filled in.
 * A token that was rotated a moment ago is found by one fresh look at the secret.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export async function readTwilioRequest(
  request: HttpRequest,
  path: string,
  deps: Omit<TwilioWebhookDeps, 'queue'>,
): Promise<TwilioRequest> {
  const { observe, publicUrl, secrets, signed } = deps;
  const at = { requestId: request.requestId, now: deps.clock() };
  const unknown = (): TwilioRequest => ({
    kind: 'refused',
    answer: errorAnswer(404, 'NOT_FOUND', 'There is no such tenant.', at),
  });

  const tenant = tenantIdSchema.safeParse(request.params.tenantId);
  if (!tenant.success) return unknown();
  const tenantId = tenant.data;
  const first = await secrets.get(tenantId);
  if (first.kind === 'unknown-tenant') return unknown();

  const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
  const url = `${publicUrl}${path}${query}`;
  const form = new URLSearchParams(request.body);
  const signature = request.headers['x-twilio-signature'];
  const authentic = (secret: TenantSecret) =>
    signature !== undefined && signed(tokensOf(secret), signature, url, parametersOf(form));

  if (first.kind === 'found' && authentic(first.secret)) {
    return { kind: 'signed', tenantId, secret: first.secret, form };
  }
  if (signature !== undefined) {
    const fresh = await secrets.get(tenantId, { refresh: true });
    if (fresh.kind === 'found' && authentic(fresh.secret)) {
      return { kind: 'signed', tenantId, secret: fresh.secret, form };
    }
    // Nobody can be told apart while the secret cannot be read, so Twilio is asked to come back.
    if (fresh.kind === 'invalid') throw new Unavailable('secrets');
  }
  observe.count('forged', { provider: 'twilio' });
  observe.warn('signature refused', { tenantId, requestId: request.requestId, provider: 'twilio' });
  return {
    kind: 'refused',
    answer: errorAnswer(403, 'FORBIDDEN', 'The signature does not fit this request.', at),
  };
}

/** The primary token, and during a rotation the secondary one. */
const tokensOf = (secret: TenantSecret): string[] =>
  [secret.twilio_auth_token, secret.twilio_auth_token_secondary].filter(
    (token): token is string => token !== undefined && token !== '',
  );

/** Every parameter as it was signed: empty ones too, and all values of one that repeats. */
function parametersOf(form: URLSearchParams): Record<string, string | string[]> {
  return Object.fromEntries(
    [...new Set(form.keys())].map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}

/** The channel that an address of Twilio's names by its prefix; numbers alone are texted. */
export const channelOf = (address: string, media: number): Channel =>
  channelOfAddress(address) ?? (media > 0 ? 'MMS' : 'SMS');
