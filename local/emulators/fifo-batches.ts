import * as z from 'zod';

type Received = { readonly ReceiptHandle: string };
type FifoQueue = {
  readonly inflightMessages: ReadonlyMap<
    string,
    { readonly message: { readonly messageGroupId?: string } }
  >;
  /** Messages that are being worked on, by group: such a group hands out no more. */
  readonly fifoLockedGroups: Map<string, number>;
};
type Dequeue = (this: FifoQueue, most: number, ...others: readonly unknown[]) => Received[];

const moduleSchema = z.object({
  SqsQueue: z.custom<{ readonly prototype: { dequeueFifo: Dequeue } }>(
    (value) => typeof value === 'function' && typeof value.prototype.dequeueFifo === 'function',
  ),
});

let isFilled = false;

/**
 * A FIFO queue of fauxqs hands out one message of a group with each receive. SQS fills the batch from one group
 * as far as it can, and from others then; so do the queues of fauxqs from here on. The part that is changed is
 * not among the package's exports, so it is imported by its file.
 */
export async function fillFifoBatches(): Promise<void> {
  if (isFilled) return;
  isFilled = true;
  const file = new URL('./sqs/sqsStore.js', import.meta.resolve('fauxqs')).href;
  const { prototype } = moduleSchema.parse(await import(file)).SqsQueue;
  const takeOne = prototype.dequeueFifo;
  prototype.dequeueFifo = function (most, ...others) {
    const taken: Received[] = [];
    const locks = new Map<string, number>();
    while (taken.length < Math.min(most, 10)) {
      const [message] = takeOne.call(this, 1, ...others);
      if (message === undefined) break;
      taken.push(message);
      const group = this.inflightMessages.get(message.ReceiptHandle)?.message.messageGroupId ?? '';
      locks.set(group, (locks.get(group) ?? 0) + 1);
      // Held by this receive, so the next of the group may be taken too.
      this.fifoLockedGroups.delete(group);
    }
    for (const [group, count] of locks) this.fifoLockedGroups.set(group, count);
    return taken;
  };
}
