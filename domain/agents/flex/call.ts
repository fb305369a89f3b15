import type { HttpAnswer } from '../../http.ts';
import type { Observe } from '../../observe.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import type { TenantSecret, TenantSecrets } from '../../tenant/tenant-secret.ts';
import { flexEngine } from '../settings.ts';
import { failure, notDoneAnswer } from './answers.ts';
import type { EnsureResult, OpenDeps } from './ensure-open.ts';
import { withFreshSecret } from './fresh-secret.ts';
import type { FlexEngine, LegacyApi } from './engine.ts';

export type FlexDeps = OpenDeps & {
  readonly secrets: TenantSecrets;
  readonly optOuts: OptOuts;
  readonly engines: Readonly<Record<'interactions' | 'legacy', FlexEngine>>;
  readonly legacy: LegacyApi;
  readonly observe: Observe;
  /** A short name of a text, from which it cannot be told. */
  readonly digest: (text: string) => string;
  /** A signal that ends after so many milliseconds. */
  readonly limit: (ms: number) => AbortSignal;
  readonly numbering: Numbering;
};

/** A call whose key may act for the tenant. */
export type FlexCall = {
  readonly tenantId: string;
  readonly secret: TenantSecret;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
};

/** API Gateway waits 30 s; what must be undone needs some of it. */
export const CALL_LIMIT = 20_000;

export function engineOf(
  deps: FlexDeps,
  { secret, tenantId }: Pick<FlexCall, 'secret' | 'tenantId'>,
): FlexEngine | HttpAnswer {
  const read = flexEngine(secret);
  if (!read.ok) return failure(500, read.issue);
  return withFreshSecret(deps.engines[read.settings.flex_engine], deps.secrets, tenantId);
}

export const isAnswer = (value: FlexEngine | HttpAnswer): value is HttpAnswer => 'status' in value;

export const optedOut = (): HttpAnswer => failure(451, 'The customer has opted out.');

/** The answer to a call that could not have its task or channel opened. */
export function notOpened(result: Exclude<EnsureResult, { kind: 'opened' }>): HttpAnswer {
  switch (result.kind) {
    case 'held':
      return failure(409, 'Another call is opening this.', {}, { 'retry-after': '2' });
    case 'taken':
      return failure(409, 'A conversation with this customer is already open.', {
        code: '50416',
        ...(result.reference ? { conversationSid: result.reference } : {}),
      });
    case 'misconfigured':
      return failure(result.status, result.issue);
    case 'unclear':
      return notDoneAnswer('Failed to look up the open task', result.why);
    case 'failed':
      return notDoneAnswer(`Failed to create ${result.step}`, result.why, result.leftOpen);
  }
}
