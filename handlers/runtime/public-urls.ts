import type { Config } from './config.ts';

/** Every base URL that a provider may have been given for its callbacks, the current one first. */
export const publicUrls = (
  config: Pick<Config, 'public_url' | 'api_url' | 'public_url_previous'>,
): readonly string[] => [
  ...new Set([
    config.public_url,
    ...(config.api_url === undefined ? [] : [config.api_url]),
    ...config.public_url_previous,
  ]),
];
