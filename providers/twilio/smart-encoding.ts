import { replaced } from '../../domain/content/smart-encoding.ts';

/**
 * A form that is the same for a text and for what Smart Encoding makes of it, wholly or in part: so it
 * does not matter whether it was switched on in the account.
 */
export const smartForm = (text: string): string => replaced(replaced(text).normalize('NFKC'));
