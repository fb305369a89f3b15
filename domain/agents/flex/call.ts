import type { Observe } from '../../observe.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import type { TenantSecrets } from '../../tenant/tenant-secret.ts';
import type { Flex, FlexEngine, FlexTenant, OpenRequest } from './engine.ts';
import type { EnsureResult, OpenDeps } from './ensure-open.ts';
import { FlexRefused, failedStep, tryAgain } from './flex-refused.ts';

export type FlexDeps = OpenDeps & {
  readonly secrets: TenantSecrets;
  readonly optOuts: OptOuts;
  readonly flex: Flex;
  readonly observe: Observe;
  /** A hash of a text. */
  readonly digest: (text: string) => string;
  /** A signal that aborts after this many milliseconds. */
  readonly limit: (ms: number) => AbortSignal;
  readonly numbering: Numbering;
};

/** A call whose key may act for the tenant. */
export type FlexCall = {
  readonly tenantId: string;
  readonly tenant: FlexTenant;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** API Gateway waits 30 s. The rest is for closing what was opened. */
export const CALL_LIMIT = 20_000;

/** The engine for a call to a customer; refuses a tenant that is not set up, and a customer who opted out. */
export async function engineFor(
  { to }: OpenRequest,
  { tenant, tenantId }: FlexCall,
  { flex, optOuts }: FlexDeps,
): Promise<FlexEngine> {
  const engine = flex.engineOf(tenant);
  if (!engine.ok) throw new FlexRefused(500, engine.issue);
  if (await optOuts.isOptedOut(tenantId, to)) {
    throw new FlexRefused(451, 'The customer has opted out.');
  }
  return engine.settings;
}

/** The refusal of a call whose task or channel could not be opened. */
export function notOpened(result: Exclude<EnsureResult, { kind: 'opened' }>): FlexRefused {
  switch (result.kind) {
    case 'held':
      return tryAgain('Another call is opening this.');
    case 'taken': {
      const { code, conversationId } = result;
      return new FlexRefused(409, 'A conversation with this customer is already open.', {
        fields: { code, ...(conversationId ? { conversationSid: conversationId } : {}) },
      });
    }
    case 'misconfigured':
      return new FlexRefused(500, result.issue);
    case 'unclear':
      return failedStep('Failed to look up the open task', result.why);
    case 'failed':
      return failedStep(`Failed to create ${result.step}`, result.why, result.leftOpen);
  }
}
