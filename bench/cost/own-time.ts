import { performance } from 'node:perf_hooks';
import { startMeasuredStack } from '../calls/measured-stack.ts';
import { benchEvents, postEvents } from '../calls/post-events.ts';

/** Memory with which Lambda gives a function one whole core; with less, its share is smaller. */
const MEGABYTES_OF_A_CORE = 1769;

/**
 * Milliseconds that an invocation takes on Lambda without waiting for a provider, by function: its time
 * here, as if all of it were computing, at the share of a core that its memory buys there. The stretch
 * also covers the way to SQS and DynamoDB, which are next door here. For a queue's function: ten records.
 */
export async function measureOwnMs(
  memoryMegabytes: (functionKey: string) => number,
): Promise<Readonly<Record<string, number>>> {
  const { stack, pump, close } = await startMeasuredStack({ isCounted: false });
  const messages = 100;
  const timed = async (run: () => Promise<unknown>) => {
    const from = performance.now();
    await run();
    return performance.now() - from;
  };
  try {
    const work = async () => {
      stack.simulators.setFault('twilio', { latencyMs: 0, callbacks: 'late' });
      const ingress = await timed(() => postEvents(stack.url, benchEvents(messages)));
      const worker = await timed(() => pump.run('worker'));
      // Two statuses a message.
      await stack.simulators.idle();
      const injector = await timed(() => pump.run('ci360-injector'));
      stack.simulators.setFault('twilio', { latencyMs: 0, callbacks: 'never' });
      await postEvents(stack.url, benchEvents(messages, 'invalid'));
      await pump.run('worker');
      const deadLetter = await timed(() => pump.run('dead-letter'));
      return { ingress, worker, injector, deadLetter };
    };
    stack.simulators.setFault('ci360', { latencyMs: 0 });
    // The first time loads and connects.
    await work();
    const { ingress, worker, injector, deadLetter } = await work();
    const each = {
      ingress: ingress / messages,
      worker: worker / (messages / 10),
      'ci360-injector': injector / (messages / 5),
      'dead-letter': deadLetter / (messages / 10),
    };
    const stretched = Object.fromEntries(
      Object.entries(each).map(([key, ms]) => [
        key,
        (ms * MEGABYTES_OF_A_CORE) / memoryMegabytes(key),
      ]),
    );
    const { ingress: oneRequest = 0 } = stretched;
    // These do what ingress does: check who calls, read, and write to a queue or a table.
    return {
      ...stretched,
      'twilio-status': oneRequest,
      'twilio-inbound': oneRequest,
      'direct-connector': oneRequest,
      operator: oneRequest,
      // A task of the replay works on a slice of it.
      replay: 5_000,
    };
  } finally {
    await close();
  }
}
