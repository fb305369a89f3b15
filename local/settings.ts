import { configShape } from '../handlers/runtime/config.ts';
import { givenText, nearest } from '../handlers/runtime/read-setting.ts';
import { deploymentShape } from '../serverless/deployment-settings.ts';

const known = Object.keys({ ...configShape, ...deploymentShape });

/**
 * The settings among the variables of a shell, and what looks like one with a slip in its name: that is
 * for the check to refuse. A shell's other variables are left alone.
 */
export function settingsIn(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, raw]) => {
      const text = givenText(raw);
      if (text === undefined || !looksLikeOne(key)) return [];
      return [[key, text]];
    }),
  );
}

const looksLikeOne = (key: string) =>
  known.includes(key) || (/^[a-z]\w*_\w+$/.test(key) && nearest(key, known) !== undefined);
