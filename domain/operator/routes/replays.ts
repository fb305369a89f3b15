import * as z from 'zod';
import { mayActFor } from '../../access/access-keys.ts';
import { notFound } from '../../refused.ts';
import { secondsBetweenCounts } from '../../replay/outcomes.ts';
import { nextVersion, outstanding, type Replay } from '../../replay/replay.ts';
import { planAnswer, replayAnswer, replaysAnswer } from '../answers/replays.ts';
import { repeatedTenant } from '../caller.ts';
import { cancel, pause, resume } from '../control.ts';
import {
  checkedTenant,
  cursorField,
  limitField,
  replayIdField,
  selectionFields,
  selectionOf,
  tenantField,
} from '../fields.ts';
import { planOf } from '../plan.ts';
import { accepted, type Call, ok, type Route, route } from '../route.ts';
import { checkCode } from '../scan.ts';
import { closed, optionFields, optionsOf, startReplay } from '../start.ts';
import { viewOfReplay } from '../views.ts';

const startOrPlan = route({
  method: 'POST',
  path: '/replays',
  role: 'operator',
  summary: 'Starts a replay of failed requests, or with dryRun shows what it would do',
  request: z.object({
    body: z.strictObject({
      ...selectionFields,
      ...optionFields,
      dryRun: z.boolean().default(false),
      cursor: cursorField,
      confirm: z.string().optional(),
    }),
    /** It becomes the replay's id. */
    headers: z.object({ 'idempotency-key': replayIdField.optional() }),
  }),
  answers: { 200: planAnswer, 202: replayAnswer },
  refusals: [404, 409, 422],
  handle: async ({ body, headers }, call) => {
    const { deps } = call;
    const { dryRun, cursor, confirm, ...asked } = body;
    const { rate, canary, maxFailureRate, ignoreTtl, ...others } = asked;
    const { includePermanent, sendInDoubt, ignoreWindow, ...fields } = others;
    const insisting = { includePermanent, sendInDoubt, ignoreWindow };
    const given = { rate, canary, maxFailureRate, ignoreTtl, ...insisting };
    const options = optionsOf(given, deps.settings);
    const selection = await selectionOf(fields, call);
    if (dryRun) {
      const plan = await planOf(closed(selection, deps.clock()), options, cursor, deps);
      if (plan.selected === 0 && cursor === undefined) await checkCode(selection, deps);
      return ok(plan);
    }
    if (includePermanent) {
      repeatedTenant(confirm, selection.tenantId, 'the provider refused these permanently');
    }
    if (sendInDoubt) {
      repeatedTenant(confirm, selection.tenantId, 'people may get these a second time');
    }
    if (ignoreWindow) {
      repeatedTenant(confirm, selection.tenantId, 'people may get these outside the hours allowed');
    }
    const key = headers['idempotency-key'];
    const replay = await startReplay({ selection, options, key }, call.caller, deps);
    return accepted(viewOfReplay(replay));
  },
});

const list = route({
  method: 'GET',
  path: '/replays',
  role: 'viewer',
  summary: 'Lists the replays of a tenant, newest first',
  request: z.object({
    query: z.strictObject({
      tenantId: tenantField,
      limit: limitField.default(20),
      cursor: cursorField,
    }),
  }),
  answers: { 200: replaysAnswer },
  refusals: [404, 422],
  handle: async ({ query: { limit, cursor, ...query } }, call) => {
    const tenantId = await checkedTenant(query.tenantId, call);
    const page = await call.deps.replays.list(tenantId, {
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    return ok({
      items: page.items.map(viewOfReplay),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    });
  },
});

const oneReplay = z.object({ params: z.object({ id: replayIdField }) });

async function replayOf(id: string, { caller, deps }: Call): Promise<Replay> {
  const replay = await deps.replays.get(id);
  if (replay === undefined || !mayActFor(caller, replay.tenantId)) {
    throw notFound(`There is no replay ${id}.`);
  }
  return replay;
}

/**
 * With recent outcomes: an old count of a replay with messages on their way is made again, and kept so that
 * those who watch do not each count. Losing the swap to the execution costs nothing.
 */
const show = route({
  method: 'GET',
  path: '/replays/{id}',
  role: 'viewer',
  summary: 'Shows a replay and its outcomes so far',
  request: oneReplay,
  answers: { 200: replayAnswer },
  refusals: [404],
  handle: async ({ params }, call) => {
    const replay = await replayOf(params.id, call);
    const { deps } = call;
    const age = deps.clock() - replay.outcomes.countedAt;
    const interval = secondsBetweenCounts(replay, deps.settings.pollSeconds) * 1000;
    if (outstanding(replay) === 0 || age < interval) return ok(viewOfReplay(replay));
    const outcomes = { ...(await deps.outcomes.count(replay.replayId)), countedAt: deps.clock() };
    const next = nextVersion(replay, { outcomes }, deps.clock());
    await deps.replays.swap(next);
    return ok(viewOfReplay(next));
  },
});

const controlling = (name: string, control: typeof pause, summary: string) =>
  route({
    method: 'POST',
    path: `/replays/{id}/${name}`,
    role: 'operator',
    summary,
    request: oneReplay,
    answers: { 200: replayAnswer },
    refusals: [404, 409],
    handle: async ({ params }, call) => {
      const replay = await control(await replayOf(params.id, call), call.deps);
      call.deps.observe.info('a replay was controlled', {
        replayId: replay.replayId,
        tenantId: replay.tenantId,
        status: replay.control ?? replay.status,
        code: call.caller.name,
      });
      return ok(viewOfReplay(replay));
    },
  });

export const replayRoutes: readonly Route[] = [
  list,
  startOrPlan,
  show,
  controlling('pause', pause, 'Pauses a running replay between two batches'),
  controlling('resume', resume, 'Continues a replay that was paused, stopped or failed'),
  controlling('cancel', cancel, 'Ends a replay; what is already on the queue is still sent'),
];
