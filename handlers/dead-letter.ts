import { observation } from './runtime/observe.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';
import { wireDeadLetter } from './runtime/wiring/dead-letter.ts';

const observe = observation('dead-letter');

/** The dead-letter queues: the only way into FailedRequests. */
export const handler = sqsHandler(observe, () => wireDeadLetter(observe));
