/**
 * Which tenants there are. For whoever needs no credentials of a tenant, and therefore may not read its
 * secret. Throws `Unavailable` when the store cannot be asked now.
 */
export type KnownTenants = {
  /** True when the tenant has a secret, whatever is in it. */
  readonly isKnown: (tenantId: string) => Promise<boolean>;
};
