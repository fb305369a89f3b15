/** Seven digits or more, of any script, with at most three other signs between two of them. */
const numbers = /\+?\p{Nd}(?:[^\p{L}\p{Nd}]{0,3}\p{Nd}){6,}/gu;
const credentials = /\b(bearer|basic)\s+\S+/gi;

/** Leaves out what looks like a telephone number or a credential. */
export const redact = (value: string): string =>
  value.replace(credentials, '$1 …').replace(numbers, '…');

/** An id as CI360, AWS and the providers form them. One without a letter could be a number. */
const idShape = /^(?=.*[A-Za-z])[A-Za-z0-9._:#|-]{1,200}$/;

/** An id whole, for ids may hold long runs of digits and are of use only in full; anything else redacted. */
export const redactId = (value: string): string => (idShape.test(value) ? value : redact(value));

const ipV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/;
/** The colons tell it from a telephone number. */
const ipV6 = /^(?=.*:.*:)[0-9a-f:]{2,39}(?:%[a-z0-9]{1,16})?$/i;

/** An IP address whole; nothing of anything else. */
export const redactAddress = (value: string): string => {
  const bare = value.replace(/^::ffff:/i, '');
  return ipV4.test(bare) || ipV6.test(bare) ? bare : '…';
};
