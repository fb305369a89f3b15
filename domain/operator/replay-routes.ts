import * as z from 'zod';
import { mayActFor } from '../access/access-keys.ts';
import { invalid, notFound } from '../refused.ts';
import { secondsBetweenCounts } from '../replay/outcomes.ts';
import { nextVersion, outstanding, type Replay } from '../replay/replay.ts';
import { selectionShape } from '../replay/selection.ts';
import {
  type Call,
  cursorSchema,
  limitSchema,
  ok,
  pathId,
  queryFields,
  type Route,
  replayIdSchema,
  selectionOf,
} from './call.ts';
import { checkTenant, tenantOf } from './caller.ts';
import { cancel, pause, resume } from './control.ts';
import { parse, readBody } from './parse.ts';
import { planOf } from './plan.ts';
import { checkCode } from './scan.ts';
import { closed, optionsInput, startReplay } from './start.ts';
import { viewOfReplay } from './views.ts';

/** It becomes the replay's id. */
const idempotencySchema = z.object({ header: replayIdSchema });

const startOrPlan: Route = async (call) => {
  const { deps } = call;
  const body = z.looseObject({
    ...optionsInput(deps.settings),
    dryRun: z.boolean().default(false),
    cursor: cursorSchema.optional(),
    confirm: z.string().optional(),
  });
  const { rate, canary, maxFailureRate, ignoreTtl, includePermanent, ...rest } = parse(
    body,
    readBody(call.request.body),
  );
  const { dryRun, cursor, confirm, ...fields } = rest;
  const selection = await selectionOf(fields, call);
  const options = { rate, canary, maxFailureRate, ignoreTtl, includePermanent };
  if (dryRun) {
    const plan = await planOf(closed(selection, deps.clock()), options, cursor, deps);
    if (plan.selected === 0 && cursor === undefined) await checkCode(selection, deps);
    return ok(plan);
  }
  if (includePermanent && confirm !== selection.tenantId) {
    throw invalid('confirm', 'must repeat the tenant id: the provider refused these for good');
  }
  const header = call.request.headers['idempotency-key'];
  const key = header === undefined ? undefined : parse(idempotencySchema, { header }).header;
  const replay = await startReplay({ selection, options, key }, call.caller, deps);
  return { status: 202, body: viewOfReplay(replay) };
};

const listReplays: Route = async (call) => {
  const { limit, cursor, tenantId } = parse(
    z.strictObject({
      tenantId: selectionShape.tenantId.optional(),
      limit: limitSchema.default(20),
      cursor: cursorSchema.optional(),
    }),
    queryFields(call.request),
  );
  const tenant = tenantOf(call.caller, tenantId);
  await checkTenant(call.caller, tenant, call.deps);
  const page = await call.deps.replays.list(tenant, {
    limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  return ok({
    items: page.items.map(viewOfReplay),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  });
};

async function replayOf({ request, caller, deps }: Call): Promise<Replay> {
  const id = pathId(request, 'id', replayIdSchema);
  const replay = await deps.replays.get(id);
  if (replay === undefined || !mayActFor(caller, replay.tenantId)) {
    throw notFound(`There is no replay ${id}.`);
  }
  return replay;
}

/**
 * With outcomes that are fresh: an old count of a replay with messages on their way is made anew, and
 * kept so that those who watch do not each count. Losing the swap to the execution costs nothing.
 */
const showReplay: Route = async (call) => {
  const replay = await replayOf(call);
  const { deps } = call;
  const age = deps.clock() - replay.outcomes.countedAt;
  const patience = secondsBetweenCounts(replay, deps.settings.pollSeconds) * 1000;
  if (outstanding(replay) === 0 || age < patience) return ok(viewOfReplay(replay));
  const outcomes = { ...(await deps.outcomes.count(replay.replayId)), countedAt: deps.clock() };
  const next = nextVersion(replay, { outcomes }, deps.clock());
  await deps.replays.swap(next);
  return ok(viewOfReplay(next));
};

const controlling =
  (control: typeof pause): Route =>
  async (call) => {
    const replay = await control(await replayOf(call), call.deps);
    call.deps.observe.info('a replay was controlled', {
      replayId: replay.replayId,
      tenantId: replay.tenantId,
      status: replay.control ?? replay.status,
      code: call.caller.name,
    });
    return ok(viewOfReplay(replay));
  };

/** The routes of replays. */
export const replayRoutes: Readonly<Record<string, Route>> = {
  'GET /replays': listReplays,
  'POST /replays': startOrPlan,
  'GET /replays/{id}': showReplay,
  'POST /replays/{id}/pause': controlling(pause),
  'POST /replays/{id}/resume': controlling(resume),
  'POST /replays/{id}/cancel': controlling(cancel),
};
