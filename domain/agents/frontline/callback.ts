import type { Clock } from '../../clock.ts';
import type { HttpAnswer, Issue } from '../../http.ts';
import type { Observe } from '../../observe.ts';
import type { OptOuts } from '../../opt-outs/ports.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import { Refused } from '../../refused.ts';
import type { TenantSecret, TenantSecrets } from '../../tenant/tenant-secret.ts';
import type { Credentials } from '../../tenant/use-secret.ts';
import type { AgentRecords } from '../agent-records.ts';
import type { NotDone } from '../answered.ts';
import type { ContactCopy, ContactJobs, SourceOf } from '../contacts/ports.ts';
import type { Conversations, ConversationsOf } from './ports.ts';

export type FrontlineDeps = {
  readonly secrets: TenantSecrets;
  readonly copy: ContactCopy;
  readonly sourceOf: SourceOf;
  readonly jobs: ContactJobs;
  readonly optOuts: OptOuts;
  readonly conversationsOf: ConversationsOf;
  readonly records: AgentRecords;
  readonly clock: Clock;
  readonly observe: Observe;
  /** A signal that ends after so many milliseconds. */
  readonly limit: (ms: number) => AbortSignal;
  readonly numbering: Numbering;
};

/** A callback whose signature is good: who it is for, and its fields. */
export type Callback = {
  readonly tenantId: string;
  readonly secret: TenantSecret;
  readonly credentials: Credentials;
  readonly conversations: Conversations;
  readonly form: URLSearchParams;
  readonly requestId: string;
};

export type CallbackHandler = (deps: FrontlineDeps, callback: Callback) => Promise<HttpAnswer>;

export const ok = (body: unknown, headers?: Readonly<Record<string, string>>): HttpAnswer => ({
  status: 200,
  body,
  ...(headers ? { headers } : {}),
});

/** Names all of the fields that are missing or empty. */
export const missing = (form: URLSearchParams, names: readonly string[]): readonly Issue[] =>
  names.filter((name) => !form.get(name)?.trim()).map((field) => ({ field, issue: 'is missing' }));

export const missingFields = (issues: readonly Issue[]): Refused =>
  new Refused(400, 'MISSING_FIELDS', `Missing: ${issues.map(({ field }) => field).join(', ')}.`, {
    details: issues,
  });

/** Twilio did not do what we asked: 503 when it may next time, 502 when an operator must look. */
export function notDone(deps: FrontlineDeps, callback: Callback, answer: NotDone): Refused {
  deps.observe.error('Twilio did not do it', {
    requestId: callback.requestId,
    tenantId: callback.tenantId,
    class: answer.kind,
    code: answer.code,
  });
  if (answer.kind === 'refused') {
    return new Refused(502, 'TWILIO_REFUSED', `Twilio refused it (${answer.code}).`);
  }
  return new Refused(503, 'SERVICE_UNAVAILABLE', 'Twilio did not answer; try again.', {
    headers: { 'retry-after': answer.kind === 'busy' ? `${answer.retryAfterSeconds}` : '1' },
  });
}

/** Asks for a refresh in the background, at most one in so many milliseconds. Never in the way of the answer. */
export async function wantRefresh(
  deps: FrontlineDeps,
  tenantId: string,
  interval: number,
): Promise<void> {
  try {
    const now = deps.clock();
    if (!(await deps.copy.claimRefresh(tenantId, now, now - interval))) return;
    await deps.jobs.add({ kind: 'refresh', tenantId, askedAt: now });
  } catch {
    deps.observe.warn('a refresh of the contacts could not be asked for', { tenantId });
  }
}
