/**
 * The largest form that is read, in bytes as it was sent. Twilio's largest carry a conversation's
 * attributes (16 KB before they are encoded for a form, up to three times as much after).
 */
const MAX_FORM_BYTES = 128 * 1024;
/** The most parameters that are read. Twilio's own requests have about 50. */
const MAX_PARAMETERS = 300;

/** Base64 of a SHA-1 digest, the only shape that `X-Twilio-Signature` has. */
const signatureShape = /^[A-Za-z0-9+/]{27}=$/;

export const isSignature = (value: string | undefined): value is string =>
  value !== undefined && signatureShape.test(value);

/** Whether a form is larger than any of Twilio's. Stops at the first parameter too many. */
export function isTooLarge(body: string): boolean {
  if (body.length > MAX_FORM_BYTES) return true;
  let parameters = 1;
  for (let at = body.indexOf('&'); at !== -1; at = body.indexOf('&', at + 1)) {
    parameters += 1;
    if (parameters > MAX_PARAMETERS) return true;
  }
  return false;
}

/** Every parameter as it was signed: empty ones too, and all values of one that repeats. Reads each once. */
export function parametersOf(
  form: Iterable<readonly [string, string]>,
): Readonly<Record<string, string | string[]>> {
  const byName = new Map<string, string | string[]>();
  for (const [name, value] of form) {
    const before = byName.get(name);
    if (before === undefined) byName.set(name, value);
    else if (typeof before === 'string') byName.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(byName);
}
