import { beforeAll, describe, expect, it } from 'vitest';
import { measureCalls, type Step } from '../../bench/calls/measure-calls.ts';
import type { StepName } from '../../bench/calls/steps.ts';

/** What the design promises to ask of AWS for each message, counted at a proxy before the emulators. */
describe('with warm functions', () => {
  const MESSAGES = 20;
  const steps = new Map<StepName, Step>();
  /**
   * A step without the query that asks, once in five seconds however many messages there are, which of the
   * tenant's campaigns are held. A batch that takes longer asks again.
   */
  const step = (name: StepName) => {
    const found = steps.get(name);
    if (!found) throw new Error(`${name} was not measured`);
    const { calls, reads } = found;
    expect(Math.round((reads % 1) * MESSAGES)).toBeLessThanOrEqual(6);
    return { ...found, calls: Math.floor(calls), reads: Math.floor(reads) };
  };

  beforeAll(async () => {
    const names = ['accepted', 'sent', 'sent-without-identity', 'throttled', 'refused'] as const;
    for (const each of await measureCalls(MESSAGES, names)) steps.set(each.name, each);
  }, 180_000);

  it('an accepted event is one call, to the queue', () => {
    expect(step('accepted')).toMatchObject({ calls: 1, queue: 1 });
  });

  it('a sent message is two writes and one read, and a write more when identities are kept', () => {
    expect(step('sent-without-identity')).toMatchObject({ calls: 3, writes: 2, reads: 1 });
    expect(step('sent')).toMatchObject({ calls: 4, writes: 3, reads: 1 });
  });

  it('each of these writes is one unit; one more lists the delivery as open, one by its recipient', () => {
    for (const { writes, writeUnits } of [step('sent'), step('sent-without-identity')]) {
      expect(writeUnits).toBe(writes + 2);
    }
  });

  it('a second try reads the delivery first: no write is spent on finding that it is there', () => {
    // Two more units than writes and indexes of a first try: it is listed as waiting, and no longer once sent.
    expect(step('throttled')).toMatchObject({ writes: 5, writeUnits: 9, reads: 3 });
  });

  it('a refused message is three writes: two units for the failed request, one for each index', () => {
    expect(step('refused')).toMatchObject({ writes: 3, writeUnits: 6 });
    // The worker and the dead-letter function each look whether the person was erased.
    expect(Math.round(step('refused').reads)).toBe(3);
  });

  it('a full batch is one invocation, whatever becomes of it', () => {
    expect(step('sent').invocations).toEqual({ worker: 0.1 });
    expect(step('refused').invocations).toEqual({ worker: 0.1, 'dead-letter': 0.1 });
  });
});
