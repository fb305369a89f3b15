import { refreshAll } from '../../../domain/agents/contacts/job.ts';
import { readConfig } from '../config.ts';
import { wireContacts } from '../contacts.ts';
import type { Observation } from '../observe.ts';

export function wireContactsSchedule(observe: Observation): () => Promise<void> {
  const shared = wireContacts(readConfig('contacts-schedule', process.env), observe, 0);
  return () => refreshAll(shared);
}
