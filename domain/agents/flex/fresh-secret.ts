import type { TenantSecret, TenantSecrets } from '../../tenant/tenant-secret.ts';
import { withSecret } from '../answered.ts';
import type { FlexEngine } from './engine.ts';

/** An engine whose first refusal of our credentials has the secret fetched again: they may have been rotated. */
export function withFreshSecret(
  engine: FlexEngine,
  secrets: TenantSecrets,
  tenantId: string,
): FlexEngine {
  const once = <T>(secret: TenantSecret, call: Parameters<typeof withSecret<T>>[3]) =>
    withSecret(secrets, tenantId, secret, call);
  const { sendDirectly } = engine;
  return {
    open: async (request, context) => {
      const first = await engine.open(request, context);
      const refused =
        first.kind === 'failed' &&
        first.leftOpen.length === 0 &&
        first.why.kind === 'refused' &&
        first.why.status === 401;
      if (!refused) return first;
      const again = await secrets.get(tenantId, { refresh: true });
      return again.kind === 'found'
        ? engine.open(request, { ...context, secret: again.secret })
        : first;
    },
    isOpen: (opened, secret, signal) =>
      once(secret, (current) => engine.isOpen(opened, current, signal)),
    say: (opened, body, secret, signal) =>
      once(secret, (current) => engine.say(opened, body, current, signal)),
    close: engine.close,
    ...(sendDirectly
      ? {
          sendDirectly: (message, secret, signal) =>
            once(secret, (current) => sendDirectly(message, current, signal)),
        }
      : {}),
  };
}
