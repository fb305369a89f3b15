import { refreshAll } from '../domain/agents/contacts/job.ts';
import { readConfig } from './runtime/config.ts';
import { wireContacts } from './runtime/contacts.ts';
import { observation } from './runtime/observe.ts';
import { scheduledHandler } from './runtime/scheduled.ts';

const observe = observation('contacts-schedule');

/** On a schedule: asks for every copy of contacts to be brought up to date. */
export const handler = scheduledHandler(observe, wire);

function wire(): () => Promise<void> {
  const shared = wireContacts(readConfig('contacts-schedule'), observe, 0);
  return () => refreshAll(shared);
}
