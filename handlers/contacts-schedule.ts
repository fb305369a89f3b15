import { observation } from './runtime/observe.ts';
import { scheduledHandler } from './runtime/scheduled.ts';
import { wireContactsSchedule } from './runtime/wiring/contacts-schedule.ts';

const observe = observation('contacts-schedule');

/** On a schedule: asks for every copy of contacts to be brought up to date. */
export const handler = scheduledHandler(observe, () => wireContactsSchedule(observe));
