import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

/** The address and the credentials of a tenant's Twilio account, from its secret. */
export type TwilioAccount = {
  readonly accountSid: string;
  /** The complete `…/Messages.json`, without query. */
  readonly messagesUrl: URL;
  readonly authorization: string;
};

const DEFAULT_URL = 'https://api.twilio.com';

/** A base gets the standard path; an address that ends in `Messages` or `Messages.json` is complete. */
function messagesUrl(given: string, accountSid: string): URL {
  const url = new URL(given);
  url.search = '';
  url.hash = '';
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = /\/Messages(\.json)?$/i.test(path)
    ? path.replace(/(\.json)?$/i, '.json')
    : `${path.replace(/\/2010-04-01$/, '')}/2010-04-01/Accounts/${accountSid}/Messages.json`;
  return url;
}

/** The account, or the name of the first key that the secret lacks. */
export function twilioAccount(secret: TenantSecret): TwilioAccount | { readonly missing: string } {
  const { twilio_account_sid, twilio_auth_token, twilio_api_key_sid, twilio_api_key_secret } =
    secret;
  if (!twilio_account_sid) return { missing: 'twilio_account_sid' };
  const [user, password] =
    twilio_api_key_sid && twilio_api_key_secret
      ? [twilio_api_key_sid, twilio_api_key_secret]
      : [twilio_account_sid, twilio_auth_token];
  if (!password) return { missing: 'twilio_auth_token' };
  const accountSid = encodeURIComponent(twilio_account_sid);
  return {
    accountSid,
    messagesUrl: messagesUrl(secret.twilio_api_url ?? DEFAULT_URL, accountSid),
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  };
}
