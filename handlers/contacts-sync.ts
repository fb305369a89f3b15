import { observation } from './runtime/observe.ts';
import { sqsHandler } from './runtime/sqs-batch.ts';
import { wireContactsSync } from './runtime/wiring/contacts-sync.ts';

const observe = observation('contacts-sync');

/** The contacts queue: brings copies up to date, shows opt-outs in the source. */
export const handler = sqsHandler(observe, () => wireContactsSync(observe));
