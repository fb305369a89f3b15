/**
 * JSON in ASCII alone, anything else as \uXXXX: the same value to every reader, and safe on queues
 * that mishandle characters outside the basic plane. The number of bytes is the length of the text.
 */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
