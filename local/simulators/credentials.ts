import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';

/** Tenant id → the tenant's secret. The simulators know whoever is in here, as the real companies know their customers. */
export type TenantSecrets = Readonly<Record<string, TenantSecret>>;

/** The embedded tenant's secret, pointed at the simulators at `simUrl`. */
export const simulatorSecret = (simUrl: string, tenantId = 'local-tenant'): TenantSecret => ({
  twilio_api_url: `${simUrl}/twilio`,
  twilio_account_sid: accountSidOf(tenantId),
  twilio_auth_token: `${tenantId}-twilio-auth-token`,
  scg_api_url: `${simUrl}/scg`,
  scg_access_token: `${tenantId}-scg-access-token`,
  scg_webhook_username: `${tenantId}-scg`,
  scg_webhook_password: `${tenantId}-scg-webhook-password`,
  ci360_api_url: `${simUrl}/ci360/marketingGateway/events`,
  ci360_tenant_id: tenantId,
  ci360_client_secret: `${tenantId}-ci360-client-secret`,
  ...agentsSecret(simUrl, tenantId),
});

const zeros = (prefix: string): string => `${prefix}${'0'.repeat(32)}`;

/** Airtable, Flex and Frontline of the tenant. */
const agentsSecret = (simUrl: string, tenantId: string) => ({
  twilio_conversations_api_url: `${simUrl}/conversations`,
  airtable_api_url: `${simUrl}/airtable`,
  airtable_token: `${tenantId}-airtable-token`,
  airtable_base_id: 'appLocal',
  flex_api_url: `${simUrl}/flex`,
  flex_proxy_api_url: `${simUrl}/proxy`,
  flex_chat_api_url: `${simUrl}/chat`,
  flex_workspace_sid: zeros('WS'),
  flex_workflow_sid: zeros('WW'),
  flex_proxy_service_sid: zeros('KS'),
  frontline_sms_number: '+12025550100',
  frontline_whatsapp_number: '+12025550100',
  frontline_pool: ['maria', 'john', 'kim'],
  frontline_delete_customers: true,
});

/** An account SID made from the tenant's name, so that it is the same in every run. */
const accountSidOf = (tenantId: string): string =>
  `AC${Buffer.from(tenantId).toString('hex').slice(-32).padStart(32, '0')}`;
