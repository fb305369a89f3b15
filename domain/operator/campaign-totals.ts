import pMap from 'p-map';
import { type Control, controlOf } from '../campaigns/control.ts';
import { runIdOf } from '../campaigns/run.ts';
import {
  broken,
  type Dimension,
  errorsOf,
  funnelOf,
  latestOf,
  type StoredTotals,
} from '../campaigns/sum-up.ts';
import { sum } from '../campaigns/totals.ts';
import type { Campaign } from '../campaigns/totals-ports.ts';
import { notFound } from '../refused.ts';
import type { CampaignTotalsAnswer, ListedTotalsAnswer } from './answers/campaign-totals.ts';
import { viewOfControl } from './campaigns.ts';
import type { OperatorDeps } from './deps.ts';

type Deps = Pick<OperatorDeps, 'campaigns' | 'controls' | 'explain' | 'runs'>;

/** Causes shown where not all are asked for. */
const MOST_ERRORS = 10;
/** Campaigns of a list that are read at once. */
const AT_ONCE = 10;

const iso = (ms: number): string => new Date(ms).toISOString();

type Named = Omit<Campaign, 'startedAt'> & { readonly startedAt?: number };

function factsOf(campaign: Named, stored: readonly StoredTotals[], controls: readonly Control[]) {
  const updatedAt = latestOf(stored);
  return {
    tenantId: campaign.tenantId,
    taskId: campaign.taskId,
    externalCode: campaign.externalCode,
    startedAt: campaign.startedAt === undefined ? null : iso(campaign.startedAt),
    control: viewOfControl(controlOf(controls, campaign)),
    updatedAt: updatedAt === undefined ? null : iso(updatedAt),
    totals: funnelOf(sum(stored.map(({ counts }) => counts))),
  };
}

/** A tenant's campaigns with their totals, the latest to start first. */
export async function listTotals(
  tenantId: string,
  page: { readonly limit: number; readonly cursor: string | undefined },
  { campaigns, controls }: Deps,
): Promise<ListedTotalsAnswer> {
  const [{ items, cursor }, said] = await Promise.all([
    campaigns.list(tenantId, page),
    controls.ofTenant(tenantId),
  ]);
  const views = await pMap(
    items,
    async (campaign) => factsOf(campaign, await campaigns.totalsOf(campaign), said),
    { concurrency: AT_ONCE },
  );
  const inForce = said
    .filter(({ state }) => state !== 'running')
    .map((control) => ({ taskId: control.taskId, ...viewOfControl(control) }));
  return { items: views, controls: inForce, ...(cursor === undefined ? {} : { cursor }) };
}

export type TotalsQuery = {
  readonly by?: Dimension | undefined;
  /** Days of acceptance in UTC, both included: `2026-11-20`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** The totals of one campaign, named by its task's id or code. */
export async function showTotals(
  tenantId: string,
  name: string,
  { by, from, to }: TotalsQuery,
  deps: Deps,
): Promise<CampaignTotalsAnswer> {
  const [found, controls, run] = await Promise.all([
    deps.campaigns.find(tenantId, name),
    deps.controls.ofTenant(tenantId),
    deps.runs.get(runIdOf({ kind: 'campaign', tenantId, taskId: name, which: 'all' })),
  ]);
  // What was held before its first message is shown too.
  const isControlled = controls.some(({ taskId }) => taskId === name);
  if (found === undefined && !isControlled) {
    throw notFound(
      `There is no campaign ${name} of this tenant: no message of such a task was taken from the queue ` +
        'while totals are kept (campaign_ttl).',
    );
  }
  const campaign: Named = found ?? { tenantId, taskId: name, externalCode: '' };
  const hours = { from, ...(to === undefined ? {} : { to: `${to}T99` }) };
  const stored = await deps.campaigns.totalsOf(campaign, hours);
  const errors = errorsOf(stored).map((error) => ({
    ...error,
    meaning: '',
    advice: '',
    ...deps.explain(error.provider, error.outcome, error.code),
  }));
  const parts = by === undefined || by === 'error' ? [] : broken(stored, by);
  return {
    ...factsOf(campaign, stored, controls),
    releasing: run !== undefined,
    by: by ?? null,
    rows: parts.map(({ name: part, counts }) => ({ name: part, totals: funnelOf(counts) })),
    errors: by === 'error' ? errors : errors.slice(0, MOST_ERRORS),
  };
}

const columns = [
  ...['accepted', 'waiting', 'held', 'inDoubt', 'sent', 'delivered', 'read', 'clicked'],
  ...['undelivered', 'canceled', 'failed', 'expired', 'replayed'],
] as const;

/** A cell as RFC 4180 has it. One that a spreadsheet would take for a formula begins with an apostrophe. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const csvOf = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/** The rows of an answer as CSV; all totals in one row where it is not broken down. */
export function totalsCsv({ by, rows, errors, taskId, totals }: CampaignTotalsAnswer): string {
  if (by === 'error') {
    return csvOf([
      ['provider', 'outcome', 'class', 'code', 'count', 'meaning', 'advice'],
      ...errors.map((error) => [
        ...[error.provider, error.outcome, error.class, error.code, error.count],
        ...[error.meaning, error.advice],
      ]),
    ]);
  }
  const parts = by === null ? [{ name: taskId, totals }] : rows;
  return csvOf([
    [by ?? 'task', ...columns, 'segments', 'within10s', 'within60s'],
    ...parts.map((part) => {
      const numbers: Readonly<Record<string, unknown>> = part.totals;
      const { segments, speed } = part.totals;
      return [
        part.name,
        ...columns.map((name) => Number(numbers[name])),
        ...[segments.count, speed.within10s, speed.within60s],
      ];
    }),
  ]);
}
