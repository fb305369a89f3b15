import type { EventNames, StatusEventNames } from '../../domain/feedback/status-names.ts';
import { forEachProvider } from '../../domain/provider-id.ts';
import { providers } from '../../providers/registry.ts';
import type { ConfigOf } from './config.ts';

/** The settings `{provider}_response_event_{status}` as one table. */
export function statusEvents(config: ConfigOf<'ci360-injector'>): StatusEventNames {
  const settings: Readonly<Record<string, unknown>> = config;
  return forEachProvider(
    (id): EventNames =>
      Object.fromEntries(
        Object.keys(providers[id].statuses.meanings).flatMap((status) => {
          const name = settings[`${id}_response_event_${status}`];
          return typeof name === 'string' ? [[status, name]] : [];
        }),
      ),
  );
}
