import { tenantIdSchema } from '../../domain/tenant/tenant-id.ts';

export type SecretNaming = {
  /** `sm_secret_id_prefix` */
  readonly prefix: string;
  /** Names that fall under the prefix and are no tenant's: a tenant called `access-keys` is not one. */
  readonly reserved: readonly string[];
};

/** The name of a tenant's secret, or undefined for what cannot be a tenant. */
export function secretNameOf(
  tenantId: string,
  { prefix, reserved }: SecretNaming,
): string | undefined {
  const name = `${prefix}${tenantId}`;
  return tenantIdSchema.safeParse(tenantId).success && !reserved.includes(name) ? name : undefined;
}
