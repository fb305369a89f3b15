import * as z from 'zod';
import { forbidden } from '../../access/access.ts';
import type { CheckState } from '../../campaigns/check-run.ts';
import { type TotalsCheckAnswer, totalsCheckAnswer } from '../answers/totals-check.ts';
import { accepted, type Call, ok, type Route, route } from '../route.ts';

const iso = (ms: number | undefined): string | null =>
  ms === undefined ? null : new Date(ms).toISOString();

const viewOf = (state: CheckState): TotalsCheckAnswer => ({
  requestedAt: iso(state.requestedAt),
  requestedBy: state.requestedBy ?? null,
  startedAt: iso(state.startedAt),
  finishedAt: iso(state.finishedAt),
  result: state.result ?? null,
});

/** Totals are checked for all tenants together. */
function ofAllTenants({ caller }: Call): void {
  if (caller.tenants !== '*') throw forbidden();
}

const show = route({
  method: 'GET',
  path: '/totals-check',
  role: 'operator',
  summary: 'Shows the latest comparison of the totals of campaigns with the deliveries',
  request: z.object({}),
  answers: { 200: totalsCheckAnswer },
  refusals: [],
  handle: async (_request, call) => {
    ofAllTenants(call);
    return ok(viewOf(await call.deps.checks.get()));
  },
});

const rebuild = route({
  method: 'POST',
  path: '/totals-check',
  role: 'operator',
  summary: 'Asks for the totals of campaigns to be rebuilt from the deliveries',
  request: z.object({ body: z.strictObject({}) }),
  answers: { 202: totalsCheckAnswer },
  refusals: [],
  handle: async (_request, call) => {
    ofAllTenants(call);
    const { caller, deps } = call;
    const state = {
      ...(await deps.checks.get()),
      requestedAt: deps.clock(),
      requestedBy: caller.name,
    };
    await deps.checks.put(state);
    return accepted(viewOf(state));
  },
});

export const totalsCheckRoutes: readonly Route[] = [show, rebuild];
