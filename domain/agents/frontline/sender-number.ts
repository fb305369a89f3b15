import { Refused } from '../../refused.ts';
import { prefixedAddress } from '../contacts/address.ts';
import { frontlineSettings } from '../settings.ts';
import { type CallbackHandler, ok, requireFields } from './callback.ts';

/** The number from which an agent writes to a customer first. */
export const senderNumber: CallbackHandler = async (callback) => {
  const { field, secret } = callback;
  requireFields(callback, ['channelType', 'channelValue']);
  const read = frontlineSettings(secret);
  if (!read.ok) throw new Refused(403, 'NO_PROXY_ADDRESS', read.issue);
  const { frontline_sms_number: sms, frontline_whatsapp_number: whatsapp } = read.settings;
  const kind = field('channelType').toLowerCase() === 'whatsapp' ? 'whatsapp' : 'sms';
  const number = kind === 'whatsapp' ? whatsapp : sms;
  if (number === undefined) {
    const issue = `The tenant's secret has no frontline_${kind}_number.`;
    throw new Refused(403, 'NO_PROXY_ADDRESS', issue);
  }
  return ok({ proxy_address: prefixedAddress(kind, number) });
};
