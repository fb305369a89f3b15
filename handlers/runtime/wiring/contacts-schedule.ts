import { documentClient } from '../../../adapters/aws/clients/dynamodb.ts';
import { refreshAll } from '../../../domain/agents/contacts/job.ts';
import { wireAgents } from '../agents.ts';
import { readConfig } from '../config.ts';

export function wireContactsSchedule(): () => Promise<void> {
  const shared = wireAgents(readConfig(process.env), documentClient(), { patience: 0 });
  return () => refreshAll(shared);
}
