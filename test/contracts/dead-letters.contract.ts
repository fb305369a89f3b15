import { describe, expect, it } from 'vitest';
import type { DeadLetters } from '../../domain/delivery/ports.ts';
import type { Failure } from '../../domain/failure.ts';

type Letter = { readonly body: string; readonly failure: unknown };

/** An empty dead-letter queue, and what lies on it: read once, at the end of a test. */
export type DeadLettersUnderTest = {
  readonly deadLetters: DeadLetters;
  readonly drain: () => Promise<readonly Letter[]>;
};

/** What every way into the dead-letter queue does. */
export function deadLettersContract(name: string, make: () => Promise<DeadLettersUnderTest>) {
  const failure: Failure = {
    class: 'permanent',
    code: '21211',
    message: 'Not a phone number – “really” 🙃.',
    advice: 'Correct the number.',
    httpStatus: 400,
  };

  describe(`${name}, as DeadLetters`, () => {
    it.each([
      ['of a message', '{"v":1,"guid":"g"}', 'tenant-a'],
      ['that is not JSON', 'not json', undefined],
      ['of a tenant that cannot be one', '{"tenantId":"a b"}', 'a b/../c'],
      ['with escapes', '{"body":"\\ud83c\\udf82"}', 'tenant-a'],
    ])('hands over a body %s unchanged, with its reason', async (_what, body, tenantId) => {
      const { deadLetters, drain } = await make();
      await deadLetters.handOver(body, tenantId, failure);
      expect(await drain()).toEqual([{ body, failure }]);
    });

    it('hands over every time it is asked', async () => {
      const { deadLetters, drain } = await make();
      await deadLetters.handOver('same', 'tenant-a', failure);
      await deadLetters.handOver('same', 'tenant-a', failure);
      expect(await drain()).toHaveLength(2);
    });
  });
}
