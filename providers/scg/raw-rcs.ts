import { parseJson } from '../../domain/json.ts';

/** A body that SCG takes for a raw RCS message, such as a rich card: it stands between braces. */
export function isRawRcs(body: string): boolean {
  const text = body.trim();
  return text.startsWith('{') && text.endsWith('}');
}

/** Whether a body between braces can be read as the JSON object that it has to be. */
export const isReadableRcs = (body: string): boolean => {
  const json = parseJson(body);
  return typeof json === 'object' && json !== null;
};
