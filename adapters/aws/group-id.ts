import { createHash } from 'node:crypto';

/** A group's name as SQS takes it: 128 printable ASCII characters at most. Any other is hashed. */
export const groupId = (group: string): string =>
  /^[!-~]{1,128}$/.test(group) ? group : createHash('sha256').update(group).digest('hex');
