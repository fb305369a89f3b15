import type { EventNames, StatusEventNames } from '../../domain/feedback/status-names.ts';
import { forEachProvider, type ProviderId } from '../../domain/provider-id.ts';
import { providers } from '../../providers/registry.ts';
import type { ConfigOf } from './config.ts';

type InjectorConfig = ConfigOf<'ci360-injector'>;

const reader = (config: InjectorConfig) => {
  const settings: Readonly<Record<string, unknown>> = config;
  return (name: string): string | undefined => {
    const value = settings[name];
    return typeof value === 'string' ? value : undefined;
  };
};

/** The settings `{provider}_response_event_{status}` as one table. */
export function statusEvents(config: InjectorConfig): StatusEventNames {
  const setting = reader(config);
  return forEachProvider(
    (id): EventNames =>
      Object.fromEntries(
        Object.keys(providers[id].statuses.meanings).flatMap((status) => {
          const name = setting(`${id}_response_event_${status}`);
          return name === undefined ? [] : [[status, name]];
        }),
      ),
  );
}

/** The settings `{provider}_mo_event`: the event that reports a reply. */
export function replyEvents(
  config: InjectorConfig,
): Readonly<Record<ProviderId, string | undefined>> {
  const setting = reader(config);
  return forEachProvider((id) => setting(`${id}_mo_event`));
}
