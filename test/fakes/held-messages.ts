import { ALL_CAMPAIGNS } from '../../domain/campaigns/control.ts';
import type { HeldMessages, HeldScope } from '../../domain/campaigns/ports.ts';
import type { HeldMessage } from '../../domain/delivery/ports.ts';
import { outageOf } from './outage.ts';

const PAGE = 2;

/** The hold store in memory. Its pages are small, so that tests have several. */
export function fakeHeldMessages() {
  const kept = new Map<string, HeldMessage>();
  const outage = outageOf('held');
  const keyOf = ({ request, hold, holdNo }: HeldMessage) =>
    [
      String(hold.until).padStart(20, '0'),
      request.tenantId,
      request.guid,
      hold.reason,
      String(holdNo).padStart(9, '0'),
    ].join('#');
  const isIn = (scope: HeldScope, { request, hold }: HeldMessage): boolean => {
    if (scope.kind === 'due') return hold.until <= scope.by;
    const named = [ALL_CAMPAIGNS, request.taskId, request.externalCode].includes(scope.taskId);
    const isMeant = scope.which === 'all' || hold.reason === 'hold';
    return request.tenantId === scope.tenantId && named && isMeant;
  };
  const of = (scope: HeldScope) =>
    [...kept].filter(([, held]) => isIn(scope, held)).sort(([a], [b]) => (a < b ? -1 : 1));

  const port: HeldMessages = {
    keep: async (held) => {
      outage.check();
      kept.set(keyOf(held), structuredClone(held));
    },
    page: async (scope, cursor) => {
      outage.check();
      const left = of(scope).filter(([key]) => cursor === undefined || key > cursor);
      const page = left.slice(0, PAGE);
      const last = page.at(-1)?.[0];
      return {
        messages: page.map(([, held]) => structuredClone(held)),
        ...(left.length > PAGE && last !== undefined ? { cursor: last } : {}),
      };
    },
    drop: async (held) => {
      outage.check();
      for (const each of held) kept.delete(keyOf(each));
    },
    tasks: async (tenantId) => {
      outage.check();
      const tasks = [...kept.values()]
        .filter(({ request }) => request.tenantId === tenantId)
        .map(({ request: { taskId, externalCode } }) => ({ taskId, externalCode }));
      return [...new Map(tasks.map((task) => [JSON.stringify(task), task])).values()];
    },
    count: async (tenantId, taskId) => {
      outage.check();
      return {
        count: of({ kind: 'campaign', tenantId, taskId, which: 'all' }).length,
        hasMore: false,
      };
    },
    oldestDue: async (now) => {
      outage.check();
      return of({ kind: 'due', by: now })[0]?.[1].hold.until;
    },
  };
  return { ...port, outage, all: () => [...kept.values()] };
}
