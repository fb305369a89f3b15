import type { CallbackCheck, CallbackProof } from '../../../domain/feedback/verify-callback.ts';
import type { HttpRequest } from '../../../domain/http.ts';
import { channelOfAddress } from '../../../domain/outbound/address-prefix.ts';
import type { Channel } from '../../../domain/outbound/channel.ts';
import { Refused } from '../../../domain/refused.ts';
import type { TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { isSignature, isTooLarge, parametersOf } from './form.ts';
import { type SignatureCheck, twilioSigned } from './signature.ts';

export type SignedFormOptions = {
  /**
   * The base URLs that Twilio may call: it signs the whole URL, and we see only what the gateway left of
   * it. The current one first, then those that callbacks of earlier messages still carry.
   */
  readonly publicUrls: readonly string[];
  /** Twilio's own check by default. */
  readonly signed?: SignatureCheck;
};

/**
 * Forms that carry `X-Twilio-Signature`. `pathOf` gives the route with the values in it, and `read` what
 * the form says; size and shape are checked before anything is read.
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export const signedForms = <Content>(
  pathOf: (params: HttpRequest['params']) => string,
  read: (form: URLSearchParams, request: HttpRequest) => Content,
  { publicUrls, signed = twilioSigned }: SignedFormOptions,
): CallbackProof<Content> => ({
  provider: 'twilio',
  forged: () => new Refused(403, 'FORBIDDEN', 'The signature does not fit this request.'),
  open: (request) => {
    if (isTooLarge(request.body))
      return { kind: 'refused', reason: 'too-large', refusal: tooLarge() };
    const signature = request.headers['x-twilio-signature'];
    if (!isSignature(signature)) return { kind: 'forged', code: 'signature-shape' };
    const form = new URLSearchParams(request.body);
    const query = request.rawQuery === '' ? '' : `?${request.rawQuery}`;
    const address = `${pathOf(request.params)}${query}`;
    const parameters = parametersOf(form);
    return {
      kind: 'opened',
      tenantId: request.params.tenantId,
      check: (secret) => {
        const tokens = tokensOf(secret);
        const isSigned = publicUrls.some((base) =>
          signed(tokens, signature, `${base}${address}`, parameters),
        );
        return secret && isSigned ? accountCheck(form, secret) : 'mismatch';
      },
      content: read(form, request),
    };
  },
});

const tooLarge = () =>
  new Refused(413, 'PAYLOAD_TOO_LARGE', 'The form is larger than any of Twilio.');

/** The primary token, and during a rotation the secondary one. */
function tokensOf(secret: TenantSecret | undefined): readonly string[] {
  if (secret === undefined) return ['a token that signs nothing'];
  return [secret.twilio_auth_token, secret.twilio_auth_token_secondary].filter(
    (token): token is string => token !== undefined && token !== '',
  );
}

/** A form may name the account that it is about. */
function accountCheck(form: URLSearchParams, secret: TenantSecret): CallbackCheck {
  const named = form.get('AccountSid');
  const ours = secret.twilio_account_sid;
  return named && ours && named !== ours ? 'other-account' : 'authentic';
}

/** The channel that an address of Twilio's names by its prefix; numbers alone are texted. */
export const channelOf = (address: string, media: number): Channel =>
  channelOfAddress(address) ?? (media > 0 ? 'MMS' : 'SMS');
