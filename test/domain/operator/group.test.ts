import { expect, it } from 'vitest';
import { groupOf, mergeGroups, sumGroups } from '../../../domain/operator/group.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';

const at = (second: number) => `2026-03-02T09:00:0${second}.000Z`;
const group = groupOf(aFailedRequest({ insertTs: at(1) }));

it('a request is a group of one', () => {
  expect(group).toEqual({
    provider: 'twilio',
    kind: 'message',
    class: 'config',
    code: '20003',
    sender: '+12025550100',
    taskId: 'task-1',
    message: 'The account refused the credentials.',
    advice: 'Put the current auth token into the tenant secret, then replay.',
    replayable: 'yes',
    count: 1,
    firstAt: at(1),
    lastAt: at(1),
  });
  const { advice: _, ...row } = aFailedRequest();
  expect(groupOf(row).advice).toBe('');
});

it('two parts of a group make one from the first failure to the last, in either order', () => {
  const later = { ...group, count: 3, firstAt: at(2), lastAt: at(3) };
  const whole = { ...group, count: 4, firstAt: at(1), lastAt: at(3) };

  expect(mergeGroups(group, later)).toEqual(whole);
  expect(mergeGroups(later, group)).toEqual(whole);
});

it.each([
  ['provider', 'scg'],
  ['kind', 'external-event'],
  ['class', 'permanent'],
  ['code', '21211'],
  ['sender', '+12025550101'],
  ['taskId', 'task-2'],
] as const)('requests with another %s are another group', (field, value) => {
  expect(sumGroups([group, { ...group, [field]: value }])).toHaveLength(2);
});

it('requests that differ in their words only are one group, and the largest group is first', () => {
  const other = { ...group, code: '21211' };

  expect(sumGroups([group, other, { ...other, message: 'x', advice: 'y' }])).toMatchObject([
    { code: '21211', count: 2 },
    { code: '20003', count: 1 },
  ]);
});
