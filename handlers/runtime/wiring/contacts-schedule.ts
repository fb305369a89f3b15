import { refreshAll } from '../../../domain/agents/contacts/job.ts';
import { readConfig } from '../config.ts';
import { wireContacts } from '../contacts.ts';

export function wireContactsSchedule(): () => Promise<void> {
  const shared = wireContacts(readConfig('contacts-schedule', process.env), 0);
  return () => refreshAll(shared);
}
