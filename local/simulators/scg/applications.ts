import type { TenantSecrets } from '../credentials.ts';

/** What SCG knows of a tenant: the token it sends with, and how it wants its webhook called. */
export type ScgApplication = {
  readonly tenantId: string;
  readonly accessToken: string;
  /** The Authorization header of events; undefined calls the webhook without. */
  readonly webhookAuthorization: string | undefined;
};

export const applicationsOf = (secrets: TenantSecrets): ScgApplication[] =>
  Object.entries(secrets).flatMap(([tenantId, secret]) => {
    const accessToken = secret.scg_access_token;
    if (!accessToken) return [];
    const { scg_webhook_username: user, scg_webhook_password: password } = secret;
    const basic =
      user && password
        ? `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
        : undefined;
    const bearer = secret.scg_webhook_token ? `Bearer ${secret.scg_webhook_token}` : undefined;
    return [{ tenantId, accessToken, webhookAuthorization: basic ?? bearer }];
  });
