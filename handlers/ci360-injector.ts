import { observation } from './runtime/observe.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';
import { wireCi360Injector } from './runtime/wiring/ci360-injector.ts';

const observe = observation('ci360-injector');

/** The ci360-events queue. */
export const handler = sqsHandler(observe, () => wireCi360Injector(observe));
