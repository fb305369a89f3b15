import { expect, it } from 'vitest';
import { verdictOf } from '../../../domain/replay/verdict.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { BUILT_AT } from '../../builders/message-request.ts';

const rules = {
  eventTtlSeconds: 60,
  holdMaxMs: 172_800_000,
  ignoreTtl: false,
  includePermanent: false,
  now: BUILT_AT,
  replayId: 'replay-1',
};
const judge = (
  row: Parameters<typeof aFailedRequest>[0],
  over: Partial<Parameters<typeof verdictOf>[0]> = {},
) =>
  verdictOf(
    {
      row: aFailedRequest({ errorClass: 'transient', ...row }),
      generatedAt: BUILT_AT,
      delivery: undefined,
      optedOut: false,
      ...over,
    },
    rules,
  );

it.each([
  ['was sent after all', { status: 'resolved', replayId: 'replay-1' }, 'delivered-meanwhile'],
  ['another replay has', { status: 'replaying' }, 'already-being-replayed'],
  ['failed again in this replay', { status: 'failed', replayId: 'replay-1' }, 'failed-again'],
  ['failed in an earlier replay', { status: 'failed', replayId: 'replay-0' }, 'send'],
  ['cannot be read', { errorClass: 'poison' }, 'needs-editing'],
  ['the provider refuses permanently', { errorClass: 'permanent' }, 'needs-editing'],
  ['failed once', {}, 'send'],
] as const)('a request that %s', (_, row, verdict) => {
  expect(judge(row)).toBe(verdict);
});

it('a message that a person does not want is not sent, and an event of theirs is', () => {
  expect(judge({}, { optedOut: true })).toBe('opted-out');
  expect(judge({ kind: 'external-event' }, { optedOut: true })).toBe('send');
});

it('a message is too old from its own time on', () => {
  expect(judge({}, { generatedAt: BUILT_AT - 60_001 })).toBe('expired');
  expect(judge({}, { generatedAt: BUILT_AT - 60_000 })).toBe('send');
});
