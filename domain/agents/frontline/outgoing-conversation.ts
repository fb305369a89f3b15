import { Refused } from '../../refused.ts';
import { prefixedAddress } from '../contacts/address.ts';
import { frontlineSettings } from '../settings.ts';
import { type CallbackHandler, missing, missingFields, ok } from './callback.ts';

/** `outgoing-conversation`: the number from which an agent writes to a customer first. */
export const outgoingConversation: CallbackHandler = async (_deps, callback) => {
  const { form, secret } = callback;
  if (form.get('Location') !== 'GetProxyAddress') {
    throw new Refused(422, 'UNKNOWN_LOCATION', 'This location is not known.');
  }
  const issues = missing(form, ['ChannelType', 'ChannelValue']);
  if (issues.length > 0) throw missingFields(issues);
  const read = frontlineSettings(secret);
  if (!read.ok) throw new Refused(403, 'NO_PROXY_ADDRESS', read.issue);
  const { frontline_sms_number: sms, frontline_whatsapp_number: whatsapp } = read.settings;
  const kind = form.get('ChannelType')?.toLowerCase() === 'whatsapp' ? 'whatsapp' : 'sms';
  const number = kind === 'whatsapp' ? whatsapp : sms;
  if (number === undefined) {
    const words = `The tenant's secret has no frontline_${kind}_number.`;
    throw new Refused(403, 'NO_PROXY_ADDRESS', words);
  }
  return ok({ proxy_address: prefixedAddress(kind, number) });
};
