import type { Failure } from '../../failure.ts';
import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Catalogue, Template } from './template.ts';

/** The copy of each tenant's templates. */
export type TemplateStore = {
  /** Throws `Unavailable`. */
  readonly load: (tenantId: string) => Promise<Catalogue>;
  /** Takes the turn to ask the provider; false while someone else has it. It ends at `until`, ms since 1970. */
  readonly takeTurn: (tenantId: string, now: number, until: number) => Promise<boolean>;
  /** Stores what differs from `before`, then the time of the sync. */
  readonly replace: (tenantId: string, before: Catalogue, after: Catalogue) => Promise<void>;
};

export type TemplatesAnswer =
  | { readonly kind: 'templates'; readonly templates: readonly Template[] }
  /** The provider could not be asked. `authentication`: it refused the credentials. */
  | { readonly kind: 'unavailable'; readonly failure: Failure; readonly authentication?: boolean };

/** Lists a tenant's templates at the provider. Never throws for anything the provider can do. */
export type TemplateSource = (
  secret: TenantSecret,
  signal: AbortSignal,
) => Promise<TemplatesAnswer>;
