import type { SameSecret } from '../../../domain/access/access-keys.ts';
import {
  type AnswerByMessageDeps,
  answerByMessage,
} from '../../../domain/feedback/answer-by-message.ts';
import { type TakeReplyDeps, takeReply } from '../../../domain/feedback/take-reply.ts';
import { mayEnterWebhook } from '../../../domain/feedback/webhook-access.ts';
import type { HttpAnswer, HttpRequest } from '../../../domain/http.ts';
import { type PhrasePolicy, readKeyword } from '../../../domain/opt-outs/keyword.ts';
import { ownWordsOf } from '../../../domain/opt-outs/own-words.ts';
import { Refused } from '../../../domain/refused.ts';
import { tenantIdSchema } from '../../../domain/tenant/tenant-id.ts';
import type { SecretAnswer, TenantSecret } from '../../../domain/tenant/tenant-secret.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { fromScgExternalId } from '../reference.ts';
import { readScgEvent } from './event.ts';
import { replyOf, type ScgRequestDeps, senderOf, statusUpdateOf } from './request.ts';

export type ScgEventsDeps = ScgRequestDeps &
  TakeReplyDeps &
  AnswerByMessageDeps & {
    readonly same: SameSecret;
    /** `tenant_id`: whose webhook it is where neither route nor external id say so. */
    readonly defaultTenantId: string | undefined;
    /** `opt_out_phrases` */
    readonly phrases: PhrasePolicy;
  };

/** No event of a message is near this long; a queue holds no more than 1 MiB once escaped. */
const MAX_BODY_BYTES = 128 * 1024;

const heard = (status: string): HttpAnswer => ({ status: 200, body: { status } });

/**
 * `POST /webhooks/scg[/{tenantId}]`: puts a status update or a reply on its queue; a STOP or
 * START is on record before the answer. A STOP or HELP is answered by a message, because SCG answers
 * neither. The tenant is the route's, else the external id's, else `tenant_id`; and the credentials must
 * be that tenant's.
 */
export async function scgEvents(request: HttpRequest, deps: ScgEventsDeps): Promise<HttpAnswer> {
  const { observe } = deps;
  const routeTenant = request.params.tenantId;
  const event =
    request.body.length > MAX_BODY_BYTES
      ? ({ kind: 'malformed', issue: 'is too long' } as const)
      : readScgEvent(request.body);
  const correlation = event.kind === 'status' ? fromScgExternalId(event.externalId) : undefined;

  const named = routeTenant ?? correlation?.tenantId ?? deps.defaultTenantId;
  const tenant = tenantIdSchema.safeParse(named);
  const secret = tenant.success ? await enter(request, tenant.data, deps) : undefined;
  const otherTenant = correlation?.tenantId !== undefined && correlation.tenantId !== named;
  // An unknown tenant gets the answer of wrong credentials, so that nobody learns which tenants there are.
  if (!tenant.success || secret === undefined || otherTenant) {
    observe.count('forged', { provider: 'scg' });
    observe.warn('credentials refused', { requestId: request.requestId, provider: 'scg' });
    throw new Refused(401, 'UNAUTHORIZED', 'The credentials are not those of the tenant.', {
      headers: { 'www-authenticate': 'Basic realm="ci360-mobile-connector"' },
    });
  }
  const tenantId = tenant.data;

  switch (event.kind) {
    case 'malformed':
      observe.count('refused', { provider: 'scg' });
      throw new Refused(400, 'BAD_REQUEST', 'The event cannot be read.', {
        details: [{ field: 'body', issue: event.issue }],
      });
    case 'other':
      observe.count('unmapped', { provider: 'scg' });
      return heard('ignored');
    case 'status': {
      const update = statusUpdateOf(event, tenantId, correlation, deps);
      if (typeof update === 'string') {
        observe.count(update, { provider: 'scg' });
        return heard('ignored');
      }
      await deps.queue.enqueue(update);
      observe.count('status_update', { provider: 'scg' });
      return heard('accepted');
    }
    case 'reply': {
      const read = (body: string) => readKeyword(body, deps.phrases, ownWordsOf(secret, observe));
      const reply = replyOf(event, tenantId, routeTenant !== undefined, read, deps);
      if (reply === undefined) {
        observe.count('uncorrelated', { provider: 'scg' });
        return heard('ignored');
      }
      const taken = await takeReply(reply, deps);
      await answerByMessage(reply, { taken, secret, sender: senderOf(event) }, deps);
      return heard('accepted');
    }
  }
}

/** The tenant's secret, if the request may enter: by the cached one, else by a fresh one, as the credentials may have been changed a moment ago. */
async function enter(
  request: HttpRequest,
  tenantId: string,
  { same, secrets }: ScgEventsDeps,
): Promise<TenantSecret | undefined> {
  const opened = (answer: SecretAnswer): TenantSecret | undefined => {
    const secret = answer.kind === 'found' ? answer.secret : undefined;
    return mayEnterWebhook(request.headers, secret, same) ? secret : undefined;
  };
  const first = await secrets.get(tenantId);
  const known = opened(first);
  if (known || request.headers.authorization === undefined || first.kind === 'unknown-tenant') {
    return known;
  }
  const fresh = await secrets.get(tenantId, { refresh: true });
  // No caller can be verified while the secret cannot be read, so Syniverse is asked to come back.
  if (fresh.kind === 'invalid') throw new Unavailable('secrets');
  return opened(fresh);
}
