import type { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import { identities } from '../../adapters/aws/identities.ts';
import { personAgentRecords } from '../../adapters/aws/person-agent-records.ts';
import { personAnswers } from '../../adapters/aws/person-answers.ts';
import { personContacts } from '../../adapters/aws/person-contacts.ts';
import { personIdentities } from '../../adapters/aws/person-identities.ts';
import type { OperatorDeps } from '../../domain/operator/deps.ts';
import { type PersonStoresDeps, personStores } from '../../domain/people/stores.ts';
import type { Settings } from './config.ts';
import type { personSettings } from './setting-groups.ts';

/** Every store of personal data. */
export function wirePeople(
  client: ReturnType<typeof documentClient>,
  config: Settings<typeof personSettings>,
  deps: Omit<PersonStoresDeps, 'others' | 'clock'>,
): OperatorDeps['people'] {
  const clock = Date.now;
  return {
    identities: identities(client, config.db_cache_identities_table, {
      // Nothing is remembered here.
      ttlSeconds: 0,
      clock,
    }),
    stores: personStores({
      ...deps,
      clock,
      others: [
        personAnswers(client, config.db_opt_outs_table),
        personContacts(client, config.db_contacts_table),
        personAgentRecords(client, config.db_agent_records_table, clock),
        personIdentities(client, config.db_cache_identities_table),
      ],
    }),
  };
}
