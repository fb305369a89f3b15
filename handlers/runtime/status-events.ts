import { type StatusEventNames, statusWords } from '../../domain/feedback/status-words.ts';
import type { ConfigOf } from './config.ts';

/** `twilio_response_event_<status>` and `scg_response_event_<STATE>` as one table. */
export function statusEvents(config: ConfigOf<'ci360-injector'>): StatusEventNames {
  const settings: Readonly<Record<string, unknown>> = config;
  const named = (provider: keyof StatusEventNames) =>
    Object.fromEntries(
      Object.keys(statusWords[provider]).flatMap((word) => {
        const name = settings[`${provider}_response_event_${word}`];
        return typeof name === 'string' ? [[word, name]] : [];
      }),
    );
  return { twilio: named('twilio'), scg: named('scg') };
}
