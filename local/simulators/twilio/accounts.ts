import type { TenantSecrets } from '../credentials.ts';
import type { SimRequest } from '../simulator.ts';

export type TwilioAccount = {
  readonly tenantId: string;
  readonly accountSid: string;
  /** Signs webhooks, whatever key sent the message. */
  readonly authToken: string;
  readonly apiKey: { readonly sid: string; readonly secret: string } | undefined;
};

export const accountsOf = (secrets: TenantSecrets): TwilioAccount[] =>
  Object.entries(secrets).flatMap(([tenantId, secret]) => {
    const { twilio_account_sid: accountSid, twilio_auth_token: authToken } = secret;
    if (!accountSid || !authToken) return [];
    const { twilio_api_key_sid: sid, twilio_api_key_secret: key } = secret;
    return [
      { tenantId, accountSid, authToken, apiKey: sid && key ? { sid, secret: key } : undefined },
    ];
  });

/** The account whose Basic credentials the request carries: SID and auth token, or an API key of it. */
export function authenticate(
  accounts: readonly TwilioAccount[],
  request: SimRequest,
): TwilioAccount | undefined {
  const [scheme, encoded = ''] = String(request.headers.authorization ?? '').split(' ');
  if (scheme?.toLowerCase() !== 'basic') return undefined;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  return accounts.find(
    ({ accountSid, authToken, apiKey }) =>
      credentials === `${accountSid}:${authToken}` ||
      (apiKey && credentials === `${apiKey.sid}:${apiKey.secret}`),
  );
}
