import { describe, expect, it } from 'vitest';
import type { Control } from '../../domain/campaigns/control.ts';
import type { Controls } from '../../domain/campaigns/ports.ts';
import { BUILT_AT } from '../builders/message-request.ts';

const control = (overrides: Partial<Control> = {}): Control => ({
  tenantId: 'tenant-a',
  taskId: 'TSK_1',
  state: 'held',
  by: 'on-call',
  at: BUILT_AT,
  reason: 'wrong link',
  ...overrides,
});

/** What every store of controls does. `make` gives an empty one. */
export function controlsContract(name: string, make: () => Promise<Controls>) {
  describe(`${name}, as Controls`, () => {
    it('gives back what was said about each campaign of a tenant, and of no other', async () => {
      const controls = await make();
      await controls.put(control(), undefined);
      await controls.put(control({ taskId: '*', state: 'stopped', reason: '' }), undefined);
      await controls.put(control({ tenantId: 'tenant-b' }), undefined);
      const own = await controls.ofTenant('tenant-a');
      expect(own).toHaveLength(2);
      expect(own).toContainEqual(control());
      expect(own).toContainEqual(control({ taskId: '*', state: 'stopped', reason: '' }));
      expect(await controls.ofTenant('tenant')).toEqual([]);
    });

    it('keeps what the last writer said', async () => {
      const controls = await make();
      await controls.put(control(), undefined);
      await controls.put(control({ state: 'running', by: 'another', at: BUILT_AT + 5 }), BUILT_AT);
      expect(await controls.ofTenant('tenant-a')).toEqual([
        control({ state: 'running', by: 'another', at: BUILT_AT + 5 }),
      ]);
    });

    it('refuses a write that was decided before the latest command', async () => {
      const controls = await make();
      expect(await controls.put(control(), undefined)).toBe(true);
      expect(await controls.put(control({ at: BUILT_AT + 1 }), undefined)).toBe(false);
      expect(await controls.put(control({ at: BUILT_AT + 1 }), BUILT_AT - 1)).toBe(false);
      expect(await controls.ofTenant('tenant-a')).toEqual([control()]);
    });

    it('takes any name of a task', async () => {
      const controls = await make();
      const taskId = '💬#'.repeat(85);
      await controls.put(control({ taskId }), undefined);
      expect(await controls.ofTenant('tenant-a')).toEqual([control({ taskId })]);
    });
  });
}
