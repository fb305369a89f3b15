import type { Provider } from '../../domain/provider.ts';
import { twilioTemplates } from './content.ts';
import { twilioErrors } from './error-table.ts';
import { twilioGateway } from './gateway.ts';
import { twilioLateErrors } from './late-error-table.ts';
import { fromTwilioStatusCallback, toTwilioStatusCallback } from './reference.ts';
import { twilioRules } from './rules.ts';
import { twilioStateGateway } from './state-gateway.ts';
import { twilioStatuses } from './statuses.ts';

/** https://www.twilio.com/docs/messaging */
export const twilio: Provider = {
  ...twilioRules,
  name: 'Twilio',
  statuses: twilioStatuses,
  errors: { synchronous: twilioErrors, late: twilioLateErrors, keyOf: (code) => code },
  reference: {
    write: (correlation, publicUrl) => toTwilioStatusCallback(publicUrl, correlation),
    read: fromTwilioStatusCallback,
  },
  // A page of 500 long messages.
  maxAnswerBytes: 16 * 1024 * 1024,
  messageGateway: twilioGateway,
  stateGateway: twilioStateGateway,
  templateSource: twilioTemplates,
};
