import { type Clock, MINUTE, SECOND } from '../../clock.ts';
import type { Failure } from '../../failure.ts';
import type { MessageRequest } from '../../outbound/message-request.ts';
import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import { type ContentFailure, type Judged, judgeTemplate } from './judge.ts';
import type { TemplateSource, TemplateStore } from './ports.ts';
import type { Catalogue } from './template.ts';

/*
 * A template is judged by a copy of the provider's catalogue, so that a campaign costs no call a message.
 *
 *   the copy lets it through    it is sent
 *   the copy refuses it         only a copy of the last minute refuses: it may have been approved since
 *   the copy is old             whoever needs it next brings it up to date, one at a time
 *   the provider is down        what the copy lets through is sent, anything else waits
 */

/** A copy that is older than this refuses nothing. */
const FRESH_MS = MINUTE;
/** How long a worker goes by what it read from the table. */
const READ_AGAIN_MS = 30 * SECOND;
/** How long one worker has to ask the provider. */
const TURN_MS = 20 * SECOND;
const WAIT_FOR_OTHERS_SECONDS = 3;
const WAIT_FOR_PROVIDER_SECONDS = 30;

export type CatalogueDeps = {
  readonly store: TemplateStore;
  readonly source: TemplateSource;
  /** Ms after which a copy is brought up to date. */
  readonly refreshMs: number;
  readonly clock: Clock;
};

export type Ruling =
  | Extract<Judged, { kind: 'fits' }>
  | {
      readonly kind: 'refused';
      readonly failure: ContentFailure;
      readonly authentication?: boolean;
    }
  /** Nothing can be said now. */
  | { readonly kind: 'wait'; readonly failure: Failure; readonly seconds: number };

type Synced =
  | { readonly kind: 'synced'; readonly catalogue: Catalogue }
  | { readonly kind: 'busy' }
  | { readonly kind: 'unavailable'; readonly failure: Failure; readonly authentication?: boolean };

type Templated = MessageRequest & { readonly template: NonNullable<MessageRequest['template']> };
type Call = { readonly secret: TenantSecret; readonly signal: AbortSignal };

export function templateCatalogue({ store, source, refreshMs, clock }: CatalogueDeps) {
  const read = new Map<string, { readonly at: number; readonly catalogue: Catalogue }>();

  async function load(tenantId: string): Promise<Catalogue> {
    const catalogue = await store.load(tenantId);
    read.set(tenantId, { at: clock(), catalogue });
    return catalogue;
  }
  async function cached(tenantId: string): Promise<Catalogue> {
    const known = read.get(tenantId);
    const isRecent = known !== undefined && clock() - known.at < READ_AGAIN_MS;
    return isRecent ? known.catalogue : load(tenantId);
  }

  /** Asks the provider, if it is our turn. */
  async function sync(tenantId: string, { secret, signal }: Call): Promise<Synced> {
    const now = clock();
    if (!(await store.takeTurn(tenantId, now, now + TURN_MS))) return { kind: 'busy' };
    const answer = await source(secret, signal);
    if (answer.kind === 'unavailable') return answer;
    const catalogue = { syncedAt: now, templates: answer.templates };
    await store.replace(tenantId, await store.load(tenantId), catalogue);
    read.set(tenantId, { at: clock(), catalogue });
    return { kind: 'synced', catalogue };
  }

  async function judge(request: Templated, call: Call): Promise<Ruling> {
    const { tenantId, channel, template } = request;
    const judged = (catalogue: Catalogue) => judgeTemplate(template, channel, catalogue);
    const copy = await cached(tenantId);
    const byCopy = judged(copy);
    const age = clock() - copy.syncedAt;
    if (byCopy.kind === 'fits' && age < refreshMs) return byCopy;
    if (byCopy.kind === 'refused' && age < FRESH_MS) return byCopy;

    const synced = await sync(tenantId, call);
    if (synced.kind === 'synced') return judged(synced.catalogue);
    if (byCopy.kind === 'fits') return byCopy;
    if (synced.kind === 'unavailable') return unavailable(synced);
    const reloaded = await load(tenantId);
    return clock() - reloaded.syncedAt < FRESH_MS
      ? judged(reloaded)
      : { kind: 'wait', failure: beingSynced, seconds: WAIT_FOR_OTHERS_SECONDS };
  }

  return { judge, sync, cached };
}
export type TemplateCatalogue = ReturnType<typeof templateCatalogue>;

/** A fault of the set-up is for an operator to fix; anything else passes. */
const unavailable = ({
  failure,
  authentication,
}: Extract<Synced, { kind: 'unavailable' }>): Ruling =>
  failure.class === 'config'
    ? {
        kind: 'refused',
        failure: { ...failure, class: 'config' },
        ...(authentication ? { authentication } : {}),
      }
    : { kind: 'wait', failure, seconds: WAIT_FOR_PROVIDER_SECONDS };

const beingSynced: Failure = {
  class: 'transient',
  code: 'templates-being-synced',
  message: 'The templates are being read from the provider.',
};
