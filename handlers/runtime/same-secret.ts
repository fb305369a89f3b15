import { createHash, timingSafeEqual } from 'node:crypto';
import type { KeyDigest, SameSecret } from '../../domain/access/access-keys.ts';

const digest = (secret: string) => createHash('sha256').update(secret, 'utf8').digest();

/** Digests first: timingSafeEqual needs equal lengths, and the length of a secret is nobody's business. */
export const sameSecret: SameSecret = (a, b) => timingSafeEqual(digest(a), digest(b));

export const keyDigest: KeyDigest = (key) => digest(key).toString('hex');
