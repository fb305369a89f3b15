import { type Authenticate, forbidden, unauthorized } from '../access/access.ts';
import { type Caller, mayActFor } from '../access/access-keys.ts';
import { utf8Bytes } from '../base64.ts';
import { type Clock, SECOND } from '../clock.ts';
import type { HttpAnswer, HttpRequest, Issue } from '../http.ts';
import { parseJson } from '../json.ts';
import type { LogFields, Observe } from '../observe.ts';
import { type ProviderId, providerIds } from '../provider-id.ts';
import { notFound, Refused } from '../refused.ts';
import type { KnownTenants } from '../tenant/known-tenants.ts';
import { countAccepting } from '../tenant/tenant-health.ts';
import { Unavailable } from '../unavailable.ts';
import { type ComposeSettings, composeRequest } from './compose.ts';
import { type OutboundEvent, readEvent, tenantNamedBy } from './event.ts';
import { type OutboundQueue, type Prepare, type SmsSize, TooLarge } from './ports.ts';

/** Largest event, in bytes. CI360's are about 4 KB. */
export const MAX_EVENT_BYTES = 256 * 1024;

export type AcceptDeps = {
  readonly authenticate: Authenticate;
  readonly tenants: KnownTenants;
  readonly queue: Pick<OutboundQueue, 'enqueue'>;
  readonly settings: ComposeSettings & {
    /** Seconds after which an event is too old to send; 0 sends events of any age. */
    readonly event_ttl: number;
  };
  /** Makes a composed message ready to be queued, or says why it is refused. */
  readonly prepare: Prepare;
  readonly clock: Clock;
  readonly observe: Observe;
};

/** The provider of `/{provider}/messages`, also behind a stage or a mapped base path. */
const providerOf = (path: string): ProviderId | undefined =>
  providerIds.find((provider) => path.endsWith(`/${provider}/messages`));

/** CI360's trace id, if it has the shape of one: a caller may put anything into the header. */
function traceIdOf(headers: HttpRequest['headers']): string | undefined {
  const given = headers['x-ci360-con-inv-trace-id'];
  return given !== undefined && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : undefined;
}

/** One request on its way through: the answers and refusals it can get, each counted and logged once. */
function answers(request: HttpRequest, provider: ProviderId, deps: AcceptDeps) {
  const traceId = traceIdOf(request.headers);
  const about: LogFields = {
    requestId: request.requestId,
    provider,
    ...(traceId ? { traceId } : {}),
    ...(request.sourceIp ? { source: request.sourceIp } : {}),
  };
  const ids = ({ tenantId, guid }: Pick<OutboundEvent, 'tenantId' | 'guid'>) => ({
    tenantId,
    guid,
  });
  const refused = (
    status: number,
    code: string,
    message: string,
    details: readonly Issue[] = [],
    tenantId?: string,
  ) => {
    deps.observe.count('refused', { provider, reason: code });
    if (tenantId !== undefined) countAccepting(deps.observe, tenantId, 'turned-away');
    const error = details.map(({ field, issue }) => `${field} ${issue}`).join('; ') || message;
    deps.observe.warn('refused', {
      ...about,
      ...(tenantId ? { tenantId } : {}),
      status,
      code,
      error,
    });
    return new Refused(status, code, message, { details });
  };
  return {
    unauthorized: () => {
      deps.observe.count('unauthorized', { provider });
      deps.observe.warn('refused', { ...about, status: 401 });
      return unauthorized();
    },
    forbidden: (caller: Caller, event: OutboundEvent) => {
      deps.observe.count('unauthorized', { provider });
      deps.observe.warn('refused', { ...about, ...ids(event), status: 403, caller: caller.name });
      return forbidden();
    },
    tooLarge: (tenantId?: string) =>
      refused(
        413,
        'PAYLOAD_TOO_LARGE',
        `An event has at most ${MAX_EVENT_BYTES} bytes.`,
        [],
        tenantId,
      ),
    malformed: () => refused(400, 'MALFORMED_JSON', 'The body is not a JSON object.'),
    invalid: (details: readonly Issue[], tenantId: string | undefined) =>
      refused(422, 'VALIDATION_ERROR', 'The event cannot be sent as it is.', details, tenantId),
    ignored: (reason: 'event-type' | 'control-group', event?: OutboundEvent): HttpAnswer => {
      deps.observe.count('ignored', { provider, reason });
      deps.observe.info('ignored', { ...about, ...(event ? ids(event) : {}), code: reason });
      return { status: 200, body: { status: 'ignored', reason } };
    },
    discarded: (event: OutboundEvent): HttpAnswer => {
      deps.observe.count('discarded', { provider });
      countAccepting(deps.observe, event.tenantId, 'turned-away');
      deps.observe.warn('discarded', { ...about, ...ids(event), code: 'stale' });
      return { status: 200, body: { status: 'discarded', reason: 'stale' } };
    },
    accepted: (event: OutboundEvent, caller: Caller, sms: SmsSize | undefined): HttpAnswer => {
      deps.observe.count('accepted', { provider });
      countAccepting(deps.observe, event.tenantId, 'accepted');
      deps.observe.info('accepted', { ...about, ...ids(event), caller: caller.name });
      return { status: 202, body: { status: 'accepted', guid: event.guid, ...sms } };
    },
  };
}

/**
 * Whether the tenant is known to have no secret. Asked only for keys that name their tenants: with
 * a key for all, the worker finds out and keeps the message for an operator. When the store cannot
 * be asked, the event is accepted: the queue is the safer place to wait.
 */
async function isUnknownTenant(caller: Caller, tenantId: string, tenants: KnownTenants) {
  if (caller.tenants === '*') return false;
  try {
    return !(await tenants.isKnown(tenantId));
  } catch (error) {
    if (error instanceof Unavailable) return false;
    throw error;
  }
}

/** The tenant whose event is refused, if the caller may act for it: nobody can raise another tenant's alarm. */
function tenantOf(json: unknown, caller: Caller): string | undefined {
  const named = tenantNamedBy(json);
  return named !== undefined && mayActFor(caller, named) ? named : undefined;
}

type Answers = ReturnType<typeof answers>;

/** An event that the caller may send, or why it is ignored. */
type EventRead =
  | { readonly kind: 'event'; readonly event: OutboundEvent }
  | { readonly kind: 'ignored'; readonly answer: HttpAnswer };

/** Reads the event in a request's body. */
function eventIn(body: string, caller: Caller, answer: Answers): EventRead {
  if (utf8Bytes(body) > MAX_EVENT_BYTES) throw answer.tooLarge();
  const json = parseJson(body.replace(/^\uFEFF/, ''));
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw answer.malformed();
  const reading = readEvent(json);
  if (reading.kind === 'other-type') {
    return { kind: 'ignored', answer: answer.ignored('event-type') };
  }
  if (reading.kind === 'invalid') throw answer.invalid(reading.issues, tenantOf(json, caller));
  const { event } = reading;
  if (!mayActFor(caller, event.tenantId)) throw answer.forbidden(caller, event);
  return event.isControlGroup
    ? { kind: 'ignored', answer: answer.ignored('control-group', event) }
    : { kind: 'event', event };
}

const isStale = ({ generatedAt }: OutboundEvent, ttlSeconds: number, now: number): boolean =>
  ttlSeconds > 0 && now - generatedAt > ttlSeconds * SECOND;

/** The message that an event asks for, ready to be queued. */
function messageOf(
  event: OutboundEvent,
  provider: ProviderId,
  now: number,
  { prepare, settings }: AcceptDeps,
  answer: Answers,
) {
  const composed = composeRequest(event, provider, settings, now);
  if (composed.kind === 'invalid') throw answer.invalid(composed.issues, event.tenantId);
  const prepared = prepare(composed.request);
  if (prepared.kind === 'invalid') throw answer.invalid(prepared.issues, event.tenantId);
  return prepared;
}

/** `POST /{provider}/messages`: CI360 sends one outbound event. The response says that it is queued. */
export const acceptEvent =
  (deps: AcceptDeps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const now = deps.clock();
    const provider = providerOf(request.path);
    if (provider === undefined) throw notFound('There is no such route.');
    const answer = answers(request, provider, deps);

    const caller = await deps.authenticate(request.headers, 'connector');
    if (caller === undefined) throw answer.unauthorized();
    const read = eventIn(request.body, caller, answer);
    if (read.kind === 'ignored') return read.answer;
    const { event } = read;
    if (isStale(event, deps.settings.event_ttl, now)) return answer.discarded(event);

    const prepared = messageOf(event, provider, now, deps, answer);
    if (await isUnknownTenant(caller, event.tenantId, deps.tenants)) {
      const issue = 'is not a tenant of this service';
      throw answer.invalid([{ field: 'externalTenantId', issue }], event.tenantId);
    }
    try {
      await deps.queue.enqueue({ ...prepared.request, caller: caller.name });
    } catch (error) {
      if (error instanceof TooLarge) throw answer.tooLarge(event.tenantId);
      throw error;
    }
    return answer.accepted(event, caller, prepared.sms);
  };
