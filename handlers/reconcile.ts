import { observation } from './runtime/observe.ts';
import { scheduledHandler } from './runtime/scheduled.ts';
import { wireReconcile } from './runtime/wiring/reconcile.ts';

const observe = observation('reconcile');

/** On a schedule: asks providers what became of messages whose callbacks never came. */
export const handler = scheduledHandler(observe, () => wireReconcile(observe));
