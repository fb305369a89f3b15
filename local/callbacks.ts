import { tenantSecretSchema } from '../domain/tenant/tenant-secret.ts';
import { canCall } from '../providers/private-host.ts';
import { twilioAccount } from '../providers/twilio/account.ts';
import type { SecretsByTenant } from './secrets.ts';

/** Seconds after which a message's status is asked for here when the provider cannot call us. */
const ASKED_AFTER_SECONDS = 60;

/** The tenants whose Twilio is a real one and cannot call a stack at `publicUrl`. */
function tenantsWithoutCallbacks(secrets: SecretsByTenant, publicUrl: string): string[] {
  return Object.entries(secrets).flatMap(([tenant, secret]) => {
    const read = tenantSecretSchema.safeParse(secret);
    const account = read.success ? twilioAccount(read.data) : undefined;
    if (account === undefined || 'missing' in account) return [];
    return canCall(account.messagesUrl, new URL(publicUrl)) ? [] : [tenant];
  });
}

/** What a stack does without, and does instead, where real companies cannot call it. */
export function withoutCallbacks(
  secrets: SecretsByTenant | undefined,
  publicUrl: string,
): { readonly settings: Readonly<Record<string, string>>; readonly notice: string } | undefined {
  const tenants = tenantsWithoutCallbacks(secrets ?? {}, publicUrl);
  if (tenants.length === 0) return undefined;
  return {
    settings: { reconcile_after: `${ASKED_AFTER_SECONDS}` },
    notice: `Twilio cannot call ${publicUrl}, so messages of ${tenants.join(', ')} carry no status callback. Their status is asked for once, one to two minutes after the send; replies and STOP do not arrive. PUBLIC_URL=https://… changes that.`,
  };
}
