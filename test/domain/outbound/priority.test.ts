import { describe, expect, it } from 'vitest';
import { messageGroupOf } from '../../../domain/outbound/message-group.ts';
import { priorityOf } from '../../../domain/outbound/priority.ts';
import { aMessageRequest } from '../../builders/message-request.ts';

const event = { taskId: 'task-1', externalCode: 'TSK_202' };

describe('the priority of a message', () => {
  it.each([
    ['nothing says otherwise', '', [], 'normal'],
    ['its creative asks for it', 'high', [], 'high'],
    ['its creative asks for it in other letters', 'High', [], 'high'],
    ['its task is named by its id', '', ['task-1'], 'high'],
    ['its task is named by its code', '', ['TSK_1', 'TSK_202'], 'high'],
    ['another task is named', '', ['TSK_20'], 'normal'],
    ['its creative is exempt from its task', 'normal', ['task-1'], 'normal'],
  ])('where %s', (_case, priority, tasks, expected) => {
    expect(priorityOf({ priority }, event, tasks)).toEqual({ ok: true, priority: expected });
  });

  it('is refused where the creative asks for one that there is not', () => {
    expect(priorityOf({ priority: 'urgent' }, event, ['task-1'])).toEqual({
      ok: false,
      issue: 'is none of normal, high',
    });
  });

  it('is not given by an empty name to events without a task', () => {
    const withoutTask = { taskId: '', externalCode: '' };
    expect(priorityOf({ priority: '' }, withoutTask, [''])).toMatchObject({ priority: 'normal' });
  });
});

describe('the message group', () => {
  it('is that of the tenant and its task', () => {
    expect(messageGroupOf(aMessageRequest())).toBe('tenant-a/task-1');
    expect(messageGroupOf(aMessageRequest({ taskId: 'task-2' }))).toBe('tenant-a/task-2');
  });

  it('is that of the tenant for a message without a task', () => {
    expect(messageGroupOf(aMessageRequest({ taskId: '' }))).toBe('tenant-a');
  });

  it('is that of its replay, whatever its task', () => {
    const replay = { id: 'replay-1', no: 1, ignoreTtl: false };
    const groups = ['task-1', 'task-2'].map((taskId) =>
      messageGroupOf(aMessageRequest({ taskId, replay })),
    );
    expect(groups).toEqual(['tenant-a/replay/replay-1', 'tenant-a/replay/replay-1']);
  });
});
