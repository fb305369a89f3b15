import { describe, expect, it } from 'vitest';
import type { HeldMessages, HeldScope } from '../../domain/campaigns/ports.ts';
import { HOUR, MINUTE } from '../../domain/clock.ts';
import type { HeldMessage } from '../../domain/delivery/ports.ts';
import { aHeldMessage } from '../builders/held-message.ts';
import { BUILT_AT } from '../builders/message-request.ts';

const guidsOf = (messages: readonly HeldMessage[]) => messages.map(({ request }) => request.guid);

/** Everything of a scope, page by page, in the order of guids. */
async function all(held: HeldMessages, scope: HeldScope): Promise<HeldMessage[]> {
  const found: HeldMessage[] = [];
  let cursor: string | undefined;
  do {
    const page = await held.page(scope, cursor);
    found.push(...page.messages);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found.sort((a, b) => (a.request.guid < b.request.guid ? -1 : 1));
}

const campaign = (taskId: string, which: 'on-hold' | 'all' = 'all'): HeldScope => ({
  kind: 'campaign',
  tenantId: 'tenant-a',
  taskId,
  which,
});

/** What every hold store does. `make` gives an empty one. */
export function heldMessagesContract(name: string, make: () => Promise<HeldMessages>) {
  describe(`${name}, as HeldMessages`, () => {
    it('gives back what it keeps, as it was', async () => {
      const held = await make();
      const kept = aHeldMessage({ body: 'Grüße; "quoted" 💬', mediaUrls: ['https://x.example/a'] });
      await held.keep(kept);
      expect(await all(held, campaign('task-1'))).toEqual([kept]);
    });

    it('finds a campaign by the id of its task, by its code, and with all of its tenant', async () => {
      const held = await make();
      await held.keep(aHeldMessage({ guid: 'a', taskId: 'task-1', externalCode: 'TSK_1' }));
      await held.keep(aHeldMessage({ guid: 'b', taskId: 'task-2', externalCode: 'TSK_2' }));
      await held.keep(aHeldMessage({ guid: 'c', taskId: '', externalCode: 'TSK_1' }));
      await held.keep(aHeldMessage({ guid: 'd', taskId: '', externalCode: '' }));
      await held.keep(aHeldMessage({ guid: 'e', tenantId: 'tenant-b' }));
      expect(guidsOf(await all(held, campaign('task-1')))).toEqual(['a']);
      expect(guidsOf(await all(held, campaign('TSK_1')))).toEqual(['a', 'c']);
      expect(guidsOf(await all(held, campaign('*')))).toEqual(['a', 'b', 'c', 'd']);
      expect(guidsOf(await all(held, campaign('task')))).toEqual([]);
    });

    it('tells what a hold keeps from what waits for another reason', async () => {
      const held = await make();
      await held.keep(aHeldMessage({ guid: 'a' }));
      await held.keep(aHeldMessage({ guid: 'b' }, { reason: 'window' }));
      expect(guidsOf(await all(held, campaign('task-1', 'on-hold')))).toEqual(['a']);
      expect(guidsOf(await all(held, campaign('task-1', 'all')))).toEqual(['a', 'b']);
    });

    it('finds what is due, of every tenant and hour, and nothing that is not', async () => {
      const held = await make();
      const at = (until: number) => ({ reason: 'window', until }) as const;
      await held.keep(aHeldMessage({ guid: 'a' }, at(BUILT_AT - 30 * HOUR)));
      await held.keep(aHeldMessage({ guid: 'b', tenantId: 'tenant-b' }, at(BUILT_AT)));
      await held.keep(aHeldMessage({ guid: 'c' }, at(BUILT_AT + 1)));
      await held.keep(aHeldMessage({ guid: 'd' }, at(BUILT_AT + 5 * HOUR)));
      expect(await held.oldestDue(BUILT_AT - 31 * HOUR)).toBeUndefined();
      expect(await held.oldestDue(BUILT_AT)).toBe(BUILT_AT - 30 * HOUR);
      expect(guidsOf(await all(held, { kind: 'due', by: BUILT_AT }))).toEqual(['a', 'b']);
    });

    it('is due again in an hour that had nothing left', async () => {
      const held = await make();
      const first = aHeldMessage({ guid: 'a' }, { until: BUILT_AT + MINUTE });
      await held.keep(first);
      await held.drop([first]);
      expect(await held.oldestDue(BUILT_AT + 30 * MINUTE)).toBeUndefined();
      await held.keep(aHeldMessage({ guid: 'b' }, { until: BUILT_AT + 40 * MINUTE }));
      expect(await held.oldestDue(BUILT_AT + 50 * MINUTE)).toBe(BUILT_AT + 40 * MINUTE);
    });

    it('drops one hold of a message, and no other', async () => {
      const held = await make();
      const [first, second] = [aHeldMessage({}, { holdNo: 1 }), aHeldMessage({}, { holdNo: 4 })];
      await held.keep(first);
      await held.keep(second);
      await held.drop([first]);
      await held.drop([first]);
      expect(await all(held, campaign('task-1'))).toEqual([second]);
    });

    it('gives many in pages, each once, also when pages are dropped on the way', async () => {
      const held = await make();
      const guids = Array.from({ length: 230 }, (_, at) => `guid-${String(at).padStart(3, '0')}`);
      await Promise.all(guids.map((guid) => held.keep(aHeldMessage({ guid }))));
      expect(guidsOf(await all(held, campaign('task-1')))).toEqual(guids);
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await held.page(campaign('*'), cursor);
        seen.push(...guidsOf(page.messages));
        await held.drop(page.messages);
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(seen.sort()).toEqual(guids);
      expect(await held.count('tenant-a', 'task-1')).toEqual({ count: 0, hasMore: false });
    });

    it('counts what a campaign has, and names the tasks', async () => {
      const held = await make();
      await held.keep(aHeldMessage({ guid: 'a' }));
      await held.keep(aHeldMessage({ guid: 'b' }, { reason: 'budget' }));
      await held.keep(aHeldMessage({ guid: 'c', taskId: 'task-2', externalCode: 'TSK_9' }));
      expect(await held.count('tenant-a', 'TSK_202')).toEqual({ count: 2, hasMore: false });
      expect(await held.count('tenant-a', '*')).toEqual({ count: 3, hasMore: false });
      const tasks = await held.tasks('tenant-a');
      expect(tasks).toHaveLength(2);
      expect(tasks).toContainEqual({ taskId: 'task-1', externalCode: 'TSK_202' });
      expect(tasks).toContainEqual({ taskId: 'task-2', externalCode: 'TSK_9' });
      expect(await held.tasks('tenant-b')).toEqual([]);
    });
  });
}
