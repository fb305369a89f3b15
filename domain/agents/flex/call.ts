import type { HttpAnswer } from '../../http.ts';
import type { Observe } from '../../observe.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import type { TenantSecrets } from '../../tenant/tenant-secret.ts';
import { failure, notDoneAnswer } from './answers.ts';
import type { Flex, FlexTenant } from './engine.ts';
import type { EnsureResult, OpenDeps } from './ensure-open.ts';

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

export const optedOut = (): HttpAnswer => failure(451, 'The customer has opted out.');

/** The response to a call whose task or channel could not be opened. */
export function notOpened(result: Exclude<EnsureResult, { kind: 'opened' }>): HttpAnswer {
  switch (result.kind) {
    case 'held':
      return failure(409, 'Another call is opening this.', {}, { 'retry-after': '2' });
    case 'taken':
      return failure(409, 'A conversation with this customer is already open.', {
        code: result.code,
        ...(result.conversationId ? { conversationSid: result.conversationId } : {}),
      });
    case 'misconfigured':
      return failure(500, result.issue);
    case 'unclear':
      return notDoneAnswer('Failed to look up the open task', result.why);
    case 'failed':
      return notDoneAnswer(`Failed to create ${result.step}`, result.why, result.leftOpen);
  }
}
