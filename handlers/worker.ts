import { observation } from './runtime/observe.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';
import { wireWorker } from './runtime/wiring/worker.ts';

const observe = observation('worker');

/** The outbound queue: claims, sends and settles messages. */
export const handler = sqsHandler(observe, () => wireWorker(observe));
