import { describe, expect, it } from 'vitest';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { type OutboundQueue, TooLarge } from '../../domain/outbound/ports.ts';
import { aMessageRequest } from '../builders/message-request.ts';

/** An empty queue, and what lies on it: read once, at the end of a test. */
export type QueueUnderTest = {
  readonly queue: OutboundQueue;
  readonly drain: () => Promise<readonly MessageRequest[]>;
};

const many = (count: number, body = 'hello') =>
  Array.from({ length: count }, (_, no) => ({
    request: aMessageRequest({ guid: `guid-${no}`, body }),
  }));

const guidsOf = (requests: readonly MessageRequest[]) => requests.map(({ guid }) => guid).sort();

/** What every outbound queue does. */
export function outboundQueueContract(name: string, make: () => Promise<QueueUnderTest>) {
  describe(`${name}, as OutboundQueue`, () => {
    it.each([
      ['plain', 'Your parcel is here; reply STOP.'],
      ['emoji', 'Happy birthday 🎂👨‍👩‍👧'],
      ['right-to-left', 'مرحبا שלום'],
      ['control characters', 'a\u0001b\u007fc\r\nd\te'],
      ['characters that JSON escapes', 'a "quoted" \\ back\\u0041slash'],
      ['a lone surrogate', 'cut \ud83d here'],
    ])('carries a body verbatim: %s', async (_what, body) => {
      const { queue, drain } = await make();
      const request = aMessageRequest({ body });
      await queue.enqueue(request);
      expect(await drain()).toEqual([request]);
    });

    it('carries every field of a replayed request', async () => {
      const { queue, drain } = await make();
      const request = aMessageRequest({
        mediaUrls: ['https://example.com/a.png'],
        replay: { id: 'replay-1', no: 2, ignoreTtl: true },
      });
      await queue.enqueue(request);
      expect(await drain()).toEqual([request]);
    });

    it('refuses a request that can never fit', async () => {
      const { queue, drain } = await make();
      const request = aMessageRequest({ body: 'x'.repeat(1024 * 1024) });
      await expect(queue.enqueue(request)).rejects.toThrow(TooLarge);
      expect(await drain()).toEqual([]);
    });

    it.each([0, 1, 10, 11, 35])('takes a batch of %i', async (count) => {
      const { queue, drain } = await make();
      const requests = many(count);
      expect(await queue.enqueueBatch(requests)).toEqual(requests.map(() => 'enqueued'));
      expect(guidsOf(await drain())).toEqual(guidsOf(requests.map(({ request }) => request)));
    });

    it('takes a batch that is larger than one call may be', async () => {
      const { queue, drain } = await make();
      const requests = many(10, 'x'.repeat(300_000));
      expect(await queue.enqueueBatch(requests)).toEqual(requests.map(() => 'enqueued'));
      expect(await drain()).toHaveLength(10);
    });

    it('puts the rest of a batch on the queue when one can never fit', async () => {
      const { queue, drain } = await make();
      const [first, , last] = many(3);
      if (!first || !last) throw new Error('three requests');
      const huge = { request: aMessageRequest({ body: 'x'.repeat(1024 * 1024) }) };
      const results = await queue.enqueueBatch([first, huge, last]);
      expect(results).toEqual(['enqueued', 'too-large', 'enqueued']);
      expect(guidsOf(await drain())).toEqual(['guid-0', 'guid-2']);
    });
  });
}
