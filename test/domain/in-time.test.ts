import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inTime } from '../../domain/in-time.ts';
import { preEventEffect } from '../../local/simulators/agents/frontline-pre-event.ts';

describe('work in time', () => {
  it('is its own result, or its own failure', async () => {
    const { signal } = new AbortController();
    expect(await inTime(Promise.resolve(7), signal)).toBe(7);
    await expect(inTime(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('is not available once the time is up, before or meanwhile', async () => {
    const never = new Promise<never>(() => {});
    await expect(inTime(never, AbortSignal.abort())).rejects.toMatchObject({ code: 'unavailable' });
    const limit = new AbortController();
    const work = inTime(never, limit.signal);
    limit.abort();
    await expect(work).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('what Twilio makes of an answer before an event', () => {
  const answered = (status: number, body = '') =>
    ({ kind: 'answered', status, headers: {}, body }) as const;

  it.each([
    [answered(200), { kind: 'published' }],
    [answered(200, '{}'), { kind: 'published' }],
    [answered(200, '"success"'), { kind: 'published' }],
    [
      answered(200, '{"body":"x","other":1}'),
      { kind: 'published-modified', fields: { body: 'x' } },
    ],
    [answered(451), { kind: 'rejected', status: 451 }],
    [answered(503), { kind: 'rejected', status: 503 }],
    [{ kind: 'timed-out' } as const, { kind: 'published-on-timeout' }],
    [{ kind: 'not-connected' } as const, { kind: 'published-on-timeout' }],
  ])('%j: %j', (outcome, effect) => {
    expect(preEventEffect('onMessageAdd', outcome)).toEqual(effect);
  });
});

it('the guide names every event that Conversations must be told to send', () => {
  const guide = readFileSync('docs/agents.md', 'utf8');
  for (const event of [
    'onConversationAdd',
    'onMessageAdd',
    'onMessageAdded',
    'onParticipantAdded',
  ]) {
    expect(guide).toContain(`\`${event}\``);
  }
});
