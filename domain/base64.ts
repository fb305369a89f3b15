/** Base64 of a text's UTF-8 bytes, with the web's own functions: the domain knows no Node. */

export const toBase64Url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

/** Reads both alphabets, with and without padding; undefined for what is not base64. */
export function fromBase64(encoded: string): string | undefined {
  try {
    const bytes = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

/** How many bytes the text has in UTF-8. */
export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).length;
