import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import {
  type EnqueueResult,
  type OutboundQueue,
  type QueuedRequest,
  TooLarge,
} from '../../domain/outbound/ports.ts';
import { outageOf } from './outage.ts';

/** A queue in memory that keeps everything. `refuse` makes a batch fail for one guid, once or for so many calls. */
export function fakeOutboundQueue({ maxBytes = 1024 * 1024 }: { maxBytes?: number } = {}) {
  const messages: QueuedRequest[] = [];
  const refusals = new Map<string, number>();
  const outage = outageOf('outbound-queue');
  const tooLarge = (request: MessageRequest) => JSON.stringify(request).length > maxBytes;
  const refused = (guid: string) => {
    const left = refusals.get(guid) ?? 0;
    refusals.set(guid, left - 1);
    return left > 0;
  };
  const takeOne = (message: QueuedRequest): EnqueueResult => {
    if (tooLarge(message.request)) return 'too-large';
    if (refused(message.request.guid)) return 'failed';
    messages.push(structuredClone(message));
    return 'enqueued';
  };
  const port: OutboundQueue = {
    enqueue: async (request, options = {}) => {
      if (tooLarge(request)) throw new TooLarge();
      outage.check();
      messages.push(structuredClone({ request, ...options }));
    },
    enqueueBatch: async (requests) => {
      try {
        outage.check();
      } catch {
        return requests.map(({ request }) => (tooLarge(request) ? 'too-large' : 'failed'));
      }
      return requests.map(takeOne);
    },
  };
  return {
    ...port,
    outage,
    /** What is on the queue, oldest first. */
    messages,
    refuse: (guid: string, calls = 1) => {
      refusals.set(guid, calls);
    },
  };
}
