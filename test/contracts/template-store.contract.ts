import { describe, expect, it } from 'vitest';
import type { TemplateStore } from '../../domain/content/templates/ports.ts';
import { aTemplate } from '../builders/template.ts';

const none = { syncedAt: 0, templates: [] };
const first = aTemplate();
const second = aTemplate({ sid: `HX${'2'.repeat(32)}`, name: 'order_shipped', variables: [] });
const inOrder = <T extends { sid: string }>(templates: readonly T[]) =>
  templates.toSorted((a, b) => a.sid.localeCompare(b.sid));

/** What every store of templates does. `make` gives an empty one. */
export function templateStoreContract(name: string, make: () => Promise<TemplateStore>) {
  describe(`${name}, as TemplateStore`, () => {
    it('has nothing of a tenant before the first sync', async () => {
      expect(await (await make()).load('tenant-a')).toEqual(none);
    });

    it('replaces what has changed and drops what is gone', async () => {
      const store = await make();
      const before = { syncedAt: 1_000, templates: [first, second] };
      await store.replace('tenant-a', none, before);
      const loaded = await store.load('tenant-a');
      expect({ ...loaded, templates: inOrder(loaded.templates) }).toEqual(before);

      const after = { syncedAt: 2_000, templates: [{ ...first, status: 'paused' as const }] };
      await store.replace('tenant-a', before, after);
      expect(await store.load('tenant-a')).toEqual(after);
    });

    it('keeps tenants apart', async () => {
      const store = await make();
      await store.replace('tenant-a', none, { syncedAt: 1_000, templates: [first] });
      expect(await store.load('tenant-b')).toEqual(none);
    });

    it('gives the turn to one at a time, until it ends or is over', async () => {
      const store = await make();
      expect(await store.takeTurn('tenant-a', 1_000, 5_000)).toBe(true);
      expect(await store.takeTurn('tenant-a', 4_999, 9_000)).toBe(false);
      expect(await store.takeTurn('tenant-b', 4_999, 9_000)).toBe(true);
      expect(await store.takeTurn('tenant-a', 5_000, 9_000)).toBe(true);
      await store.replace('tenant-a', none, { syncedAt: 6_000, templates: [] });
      expect(await store.takeTurn('tenant-a', 6_001, 9_000)).toBe(true);
    });
  });
}
