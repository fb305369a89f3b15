import type { MessageIndex } from '../../../domain/campaigns/message-terms.ts';
import { templateCatalogue } from '../../../domain/content/templates/catalogue.ts';
import type { TemplatesAnswer } from '../../../domain/content/templates/ports.ts';
import type { FailedRequest } from '../../../domain/failed-requests/failed-request.ts';
import type { HttpRequest } from '../../../domain/http.ts';
import type { OperatorDeps } from '../../../domain/operator/deps.ts';
import { serveOperator } from '../../../domain/operator/serve.ts';
import type { Company, QueueDepth, QueueName } from '../../../domain/operator/status-ports.ts';
import { mentionsOptOut } from '../../../domain/opt-outs/mentions.ts';
import { personStores } from '../../../domain/people/stores.ts';
import { providerRules } from '../../../providers/registry.ts';
import { answering } from '../../builders/answering.ts';
import { senderSettings } from '../../builders/sender-settings.ts';
import { aTemplate } from '../../builders/template.ts';
import { fakeAuditLog } from '../../fakes/audit-log.ts';
import { fakeCampaignRecords } from '../../fakes/campaign-records.ts';
import { fakeControls } from '../../fakes/controls.ts';
import { fakeHeldMessages } from '../../fakes/held-messages.ts';
import { fakeIdentities } from '../../fakes/identities.ts';
import { fakePaces } from '../../fakes/paces.ts';
import { fakeReleaseRuns } from '../../fakes/release-runs.ts';
import { fakeTemplateStore } from '../../fakes/template-store.ts';
import { fakeTenantSecrets } from '../../fakes/tenant-secrets.ts';
import { fakeWaitingDeliveries } from '../../fakes/waiting-deliveries.ts';
import { world } from '../replay/replay-setup.ts';

export type Answer = { status: number; body: Record<string, unknown> };

/** The operator's routes over a world in memory; the key is `good`. */
export function service(
  rows: readonly FailedRequest[],
  options: Parameters<typeof world>[1] & {
    tenants?: '*' | string[];
    /** How long one request may read on; with 0 each page has one read of 500 rows. */
    budgetMs?: number;
    /** The index of messages; without, search is off. */
    index?: Pick<MessageIndex, 'find'>;
  } = {},
) {
  const w = world(rows, options);
  const campaigns = fakeCampaignRecords();
  let ids = 0;
  const newId = () => `replay-${++ids}`;
  const empty = { waiting: 0, inFlight: 0, delayed: 0 };
  const depths: Record<QueueName, QueueDepth> = {
    outbound: empty,
    outboundPriority: empty,
    outboundLanes: empty,
    outboundDlq: empty,
    ci360Events: empty,
    ci360Replies: empty,
    ci360EventsDlq: empty,
  };
  const successes = new Map<Company, number>();
  const audit = fakeAuditLog();
  const secrets = fakeTenantSecrets();
  const paces = fakePaces();
  const templatesAtProvider: { answer: TemplatesAnswer } = {
    answer: { kind: 'templates', templates: [aTemplate()] },
  };
  const held = fakeHeldMessages();
  const identities = fakeIdentities({ clock: w.clock });
  const people = {
    identities,
    stores: personStores({
      failedRequests: w.failedRequests,
      deliveries: w.deliveries,
      held,
      optOuts: w.optOuts,
      index: undefined,
      hashAddress: undefined,
      clock: w.clock,
      others: [],
    }),
  };
  const deps: OperatorDeps & { authenticate: OperatorDeps['authenticate'] } = {
    audit,
    authenticate: async (headers, role) => {
      const tenants = options.tenants ?? ['tenant-a'];
      if (headers['x-api-key'] === 'good') return { name: 'on-call', tenants };
      const isViewer = headers['x-api-key'] === 'viewer' && role === 'viewer';
      return isViewer ? { name: 'looker', tenants } : undefined;
    },
    tenants: secrets,
    failedRequests: w.failedRequests,
    deliveries: w.deliveries,
    facts: w.deps.facts,
    optOuts: w.optOuts,
    refusalRules: w.refusalRules,
    replays: w.replays,
    outcomes: w.deps.outcomes,
    executions: w.deps.executions,
    campaigns: campaigns.port,
    checks: campaigns.checks,
    messages: { index: options.index, hashAddress: async (_tenantId, address) => `#${address}` },
    explain: (_provider, _outcome, code) =>
      code === '20003' ? { meaning: 'No access.', advice: 'Check the token.' } : undefined,
    controls: fakeControls(),
    held,
    people,
    runs: fakeReleaseRuns(),
    releases: { start: async () => {}, isRunning: async () => false },
    leaseMs: 90_000,
    isKnownCode: (code) => code === '20003' || code === '21610',
    eventTtlSeconds: w.deps.eventTtlSeconds,
    holdMaxMs: w.deps.holdMaxMs,
    settings: {
      numbering: { defaultCountry: 'US' },
      maxRate: 100,
      waits: { graceMs: 60_000, reconcileMs: 43_200_000 },
      pollSeconds: 5,
      deliveryTtlSeconds: 30 * 86_400,
      ttlSeconds: 1000,
      budgetMs: options.budgetMs ?? 15_000,
    },
    check: {
      compose: { ...senderSettings({ default_sender: '+12025550100', defaultCountry: 'US' }) },
      content: {
        providers: providerRules,
        encoding: 'keep',
        max_segments: 0,
        refuse_unmerged: false,
        scg_directives: 'escape',
      },
      prices: { US: { SMS: 0.0079, MMS: 0.02 } },
      currency: 'USD',
      mentionsOptOut,
    },
    templates: {
      catalogue: templateCatalogue({
        store: fakeTemplateStore(),
        source: async () => templatesAtProvider.answer,
        refreshMs: 900_000,
        clock: w.clock,
      }),
      secrets,
      signal: () => new AbortController().signal,
    },
    senders: { states: paces, rates: { '12345': { rate: 100, daily_cap: 5000 } } },
    queueDepths: async () => depths,
    waiting: fakeWaitingDeliveries(w.deliveries.all),
    lastSuccesses: { of: async () => (company) => successes.get(company) },
    newId,
    clock: w.clock,
    observe: w.observe,
  };
  const serve = answering(serveOperator(deps), w.clock);
  const call = async (
    routeKey: string,
    given: {
      params?: Record<string, string>;
      query?: Record<string, string>;
      body?: unknown;
      key?: string;
      headers?: Record<string, string>;
    } = {},
  ): Promise<Answer> => {
    const request: HttpRequest = {
      method: routeKey.split(' ')[0] ?? '',
      path: '/',
      routeKey,
      params: given.params ?? {},
      rawQuery: '',
      query: new URLSearchParams(given.query),
      headers: { 'x-api-key': given.key ?? 'good', ...given.headers },
      body:
        typeof given.body === 'string'
          ? given.body
          : given.body === undefined
            ? ''
            : JSON.stringify(given.body),
      requestId: 'request-1',
    };
    const { status, body } = await serve(request);
    return { status, body: JSON.parse(JSON.stringify(body ?? {})) };
  };
  return {
    w,
    held,
    identities,
    paces,
    audit,
    call,
    serve,
    newId,
    deps,
    templatesAtProvider,
    depths,
    successes,
    campaigns,
  };
}
