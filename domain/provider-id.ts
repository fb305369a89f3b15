import * as z from 'zod';

/**
 * The companies that carry messages for us, as the routes `POST /{provider}/messages` name them. The only
 * place of the domain that names one.
 */
export const providerIds = ['twilio', 'scg'] as const;
export type ProviderId = (typeof providerIds)[number];

export const providerIdSchema = z.enum(providerIds);

type Each<T> = Readonly<Record<ProviderId, T>>;

/** One value for each provider. */
export function forEachProvider<T>(of: (id: ProviderId) => T): Each<T> {
  const values = Object.fromEntries(providerIds.map((id) => [id, of(id)]));
  if (!isWhole(values)) throw new Error('a provider has no value');
  return values;
}

const isWhole = <T>(values: Readonly<Record<string, T>>): values is Each<T> =>
  providerIds.every((id) => Object.hasOwn(values, id));
