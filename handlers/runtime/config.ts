import * as z from 'zod';
import { type FunctionName, functionSettings } from './function-settings.ts';
import { asText, readSetting, unknownSettings } from './read-setting.ts';
import { campaignsShape } from './settings/campaigns.ts';
import { contentShape } from './settings/content.ts';
import { hoursShape } from './settings/hours.ts';
import { replaysShape } from './settings/replays.ts';
import { repliesShape } from './settings/replies.ts';
import { reportsShape } from './settings/reports.ts';
import { resourcesShape } from './settings/resources.ts';
import { secretsShape } from './settings/secrets.ts';
import { sendersShape } from './settings/senders.ts';
import { sendingShape } from './settings/sending.ts';
import { statusesShape } from './settings/statuses.ts';
import { webhooksShape } from './settings/webhooks.ts';

/**
 * Every setting of the service, as environment variables in lower case: the names that users of the
 * SAS connectors know, and new ones in the same style. `docs/configuration.md` is written from here.
 * White space around a value is dropped, and a blank value counts as not set.
 */
export const configShape = {
  ...sendersShape,
  ...resourcesShape,
  ...secretsShape,
  ...contentShape,
  ...sendingShape,
  ...statusesShape,
  ...reportsShape,
  ...repliesShape,
  ...replaysShape,
  ...campaignsShape,
  ...hoursShape,
  ...webhooksShape,
} as const;

const schema = z.object(configShape);
export type Config = z.infer<typeof schema>;
export type SettingName = keyof Config;

/** The settings of a list. */
export type Settings<List extends readonly SettingName[]> = Pick<Config, List[number]>;
/** What a function is given of the settings, and so may read. */
export type ConfigOf<F extends FunctionName> = Settings<(typeof functionSettings)[F]>;

export const isSetting = (key: string): key is SettingName => Object.hasOwn(configShape, key);

/** Thrown at cold start. Each sentence names one key. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';
}

/**
 * Reads these settings from an environment, or throws a ConfigError that names every one that is wrong
 * or missing, and every key that looks like a setting and is none.
 */
export function readSettings<K extends SettingName>(
  keys: readonly K[],
  env: Readonly<Record<string, string | undefined>>,
): Pick<Config, K> {
  const problems = unknownSettings(env, configShape);
  const config: Partial<Record<SettingName, unknown>> = {};
  for (const key of keys) {
    const read = readSetting(key, configShape[key], env[key]);
    if ('problem' in read) problems.push(read.problem);
    else config[key] = read.value;
  }
  if (problems.length > 0 || !isRead(config, keys)) {
    throw new ConfigError(`The configuration cannot be used. ${asText(problems)}`);
  }
  return config;
}

/** Each was read by its own schema; what is left to say is that none is missing. */
const isRead = <K extends SettingName>(
  config: object,
  keys: readonly K[],
): config is Pick<Config, K> => keys.every((key) => Object.hasOwn(config, key));

/** The settings of one function. Throws ConfigError. */
export const readConfig = <F extends FunctionName>(
  name: F,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ConfigOf<F> => readSettings<(typeof functionSettings)[F][number]>(functionSettings[name], env);
