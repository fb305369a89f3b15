import { describe, expect, it } from 'vitest';
import { cachedControls } from '../../../domain/campaigns/cached-controls.ts';
import { type Control, controlOf } from '../../../domain/campaigns/control.ts';
import { byControl, mayLeaveNow } from '../../../domain/campaigns/may-leave.ts';
import { SECOND } from '../../../domain/clock.ts';
import type { MessageRequest } from '../../../domain/outbound/message-request.ts';
import { aMessageRequest, BUILT_AT } from '../../builders/message-request.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { fakeControls } from '../../fakes/controls.ts';

const control = (taskId: string, state: Control['state'], at = BUILT_AT): Control => ({
  tenantId: 'tenant-a',
  taskId,
  state,
  by: 'on-call',
  at,
  reason: '',
});
const task = { taskId: 'task-1', externalCode: 'TSK_202' };

describe('what holds for a task', () => {
  it.each([
    ['nothing was said', [], undefined],
    ['another task is held', [control('task-2', 'held')], undefined],
    ['its id is held', [control('task-1', 'held')], 'held'],
    ['its code is held', [control('TSK_202', 'held')], 'held'],
    ['all of the tenant is held', [control('*', 'held')], 'held'],
    [
      'its code was resumed after its id was held',
      [control('task-1', 'held'), control('TSK_202', 'running', BUILT_AT + 1)],
      'running',
    ],
    [
      'its id was held after its code was resumed',
      [control('TSK_202', 'running'), control('task-1', 'held', BUILT_AT + 1)],
      'held',
    ],
    [
      'it was resumed while all of the tenant is held',
      [control('*', 'held'), control('task-1', 'running', BUILT_AT + 1)],
      'held',
    ],
    [
      'it is stopped while all of the tenant is held',
      [control('*', 'held'), control('task-1', 'stopped')],
      'stopped',
    ],
    [
      'all of the tenant was resumed while it is held',
      [control('task-1', 'held'), control('*', 'running', BUILT_AT + 1)],
      'held',
    ],
  ] as const)('when %s', (_, controls, state) => {
    expect(controlOf(controls, task)?.state).toBe(state);
  });

  it('an empty code is no name of a task', () => {
    expect(controlOf([control('', 'held')], { taskId: '', externalCode: '' })).toBeUndefined();
  });
});

describe('whether a message may leave', () => {
  const request = aMessageRequest(task);

  it('is not for a stop to say about a replay that was started after it', () => {
    const stopped = [control('task-1', 'stopped')];
    const replayed = (startedAt?: number) => ({
      ...request,
      replay: { id: 'r', no: 1, ignoreTtl: false, ...(startedAt ? { startedAt } : {}) },
    });
    expect(byControl(stopped, request)).toMatchObject({
      kind: 'stopped',
      failure: { class: 'stopped' },
    });
    expect(byControl(stopped, replayed())).toMatchObject({ kind: 'stopped' });
    expect(byControl(stopped, replayed(BUILT_AT - 1))).toMatchObject({ kind: 'stopped' });
    expect(byControl(stopped, replayed(BUILT_AT + 1))).toEqual({ kind: 'send' });
  });

  it('is for a hold to say about every replay', () => {
    const replayed = {
      ...request,
      replay: { id: 'r', no: 1, ignoreTtl: true, startedAt: BUILT_AT + 1 },
    };
    expect(byControl([control('*', 'held')], replayed)).toMatchObject({
      kind: 'held',
      reason: 'hold',
    });
  });

  it('the answer to a STOP leaves whatever is on hold', () => {
    const answer = { ...request, answers: 'STOP' as const };
    expect(byControl([control('*', 'stopped')], answer)).toEqual({ kind: 'send' });
  });
});

describe('the rules together', () => {
  const opens = BUILT_AT + 3600 * SECOND;
  const ask = (request: Partial<MessageRequest>, controls: readonly Control[] = []) =>
    mayLeaveNow({ controls: async () => controls, closedUntil: () => opens })({
      request: aMessageRequest({ ...task, ...request }),
      heldForMs: 0,
      now: BUILT_AT,
    });
  const replay = { id: 'r', no: 1, ignoreTtl: false };

  it('hold a message until its time has come, then until its hours begin', async () => {
    const sendAt = BUILT_AT + 60 * SECOND;
    expect(await ask({ sendAt })).toEqual({ kind: 'held', reason: 'schedule', until: sendAt });
    expect(await ask({ sendAt: BUILT_AT })).toEqual({
      kind: 'held',
      reason: 'window',
      until: opens,
    });
  });

  it('let an operator hold what may leave by its hours', async () => {
    expect(await ask({}, [control('task-1', 'held')])).toMatchObject({ reason: 'hold' });
  });

  it('hold a replay until its hours begin, unless the operator insists', async () => {
    expect(await ask({ replay })).toMatchObject({ kind: 'held', reason: 'window' });
    expect(await ask({ replay: { ...replay, ignoreWindow: true } })).toEqual({ kind: 'send' });
  });

  it('let the answer to a STOP leave at any hour', async () => {
    expect(await ask({ answers: 'STOP' })).toEqual({ kind: 'send' });
  });
});

describe('a worker’s memory of controls', () => {
  function setUp() {
    const clock = fakeClock();
    const controls = fakeControls();
    let reads = 0;
    const cached = cachedControls(
      {
        ofTenant: (tenantId) => {
          reads += 1;
          return controls.ofTenant(tenantId);
        },
      },
      clock,
    );
    return { clock, controls, cached, reads: () => reads };
  }

  it('asks once in five seconds for each tenant, however many ask', async () => {
    const { clock, cached, reads } = setUp();
    await Promise.all([cached('tenant-a'), cached('tenant-a')]);
    clock.advance(5 * SECOND - 1);
    await cached('tenant-a');
    expect(reads()).toBe(1);
    await cached('tenant-b');
    expect(reads()).toBe(2);
  });

  it('hears of a hold within five seconds', async () => {
    const { clock, controls, cached } = setUp();
    expect(await cached('tenant-a')).toEqual([]);
    await controls.put(control('*', 'held'), undefined);
    clock.advance(5 * SECOND);
    expect(await cached('tenant-a')).toEqual([control('*', 'held')]);
  });

  it('does not remember that the table was down', async () => {
    const { controls, cached } = setUp();
    controls.outage.begin(1);
    await expect(cached('tenant-a')).rejects.toThrow('controls is not available');
    expect(await cached('tenant-a')).toEqual([]);
  });

  it('asks again when its clock was set back', async () => {
    const { clock, cached, reads } = setUp();
    await cached('tenant-a');
    clock.advance(-3600 * SECOND);
    await cached('tenant-a');
    expect(reads()).toBe(2);
  });
});
