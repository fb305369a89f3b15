import type { ExternalEvent } from '../../domain/feedback/external-event.ts';
import type { EventGateway, Injection } from '../../domain/feedback/ports.ts';

export const ci360Down = {
  kind: 'retry',
  failure: { class: 'transient', code: 'ci360-503', message: 'CI360 could not take the event.' },
} as const satisfies Injection;

/** CI360 in memory: takes every event, until told how to answer. */
export function fakeEventGateway() {
  const events: ExternalEvent[] = [];
  let answer: () => Injection = () => ({ kind: 'accepted' });
  const port: EventGateway = {
    inject: async (event) => {
      const injection = answer();
      if (injection.kind === 'accepted') events.push(event);
      return injection;
    },
  };
  return {
    ...port,
    /** What it took, in order. */
    events,
    answerWith: (next: () => Injection) => {
      answer = next;
    },
  };
}
