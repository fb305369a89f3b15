import type { Credentials } from '../../tenant/use-secret.ts';
import { type ContactSource, type SourceOf, SourceRefused } from './ports.ts';

/** Works with a tenant's source, and again with a fresh secret if the source rejected the token. */
export async function withSource<T>(
  deps: { readonly sourceOf: SourceOf },
  tenantId: string,
  credentials: Credentials,
  act: (source: ContactSource) => Promise<T>,
): Promise<T> {
  const result = await credentials<T | RejectedToken>(async (secret) => {
    try {
      return await act(deps.sourceOf(tenantId, secret));
    } catch (error) {
      if (error instanceof SourceRefused && error.status === 401) return new RejectedToken(error);
      throw error;
    }
  }, isRejected);
  if (isRejected(result)) throw result.error;
  return result;
}

class RejectedToken {
  readonly error: SourceRefused;
  constructor(error: SourceRefused) {
    this.error = error;
  }
}

const isRejected = (result: unknown): result is RejectedToken => result instanceof RejectedToken;
