import type { Provider } from '../../domain/provider.ts';
import { scgErrorNumber, scgErrors } from './error-table.ts';
import { scgGateway } from './gateway.ts';
import { scgLateErrors } from './late-error-table.ts';
import { fromScgExternalId, toScgExternalId } from './reference.ts';
import { scgRules } from './rules.ts';
import { scgStateGateway } from './state-gateway.ts';
import { scgStatuses } from './statuses.ts';

/** The Syniverse Communication Gateway. https://sdcdocumentation.syniverse.com */
export const scg: Provider = {
  ...scgRules,
  name: 'Syniverse',
  statuses: scgStatuses,
  errors: { synchronous: scgErrors, late: scgLateErrors, keyOf: scgErrorNumber },
  reference: { write: toScgExternalId, read: fromScgExternalId },
  // A page of 100 message requests.
  maxAnswerBytes: 4 * 1024 * 1024,
  messageGateway: scgGateway,
  stateGateway: scgStateGateway,
};
