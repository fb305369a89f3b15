import type { ExternalEventRequest } from '../../domain/feedback/external-event-request.ts';
import type { EventQueue } from '../../domain/feedback/ports.ts';
import { outageOf } from './outage.ts';

/** The ci360-events queue in memory: keeps what was put on it. */
export function fakeEventQueue() {
  const requests: ExternalEventRequest[] = [];
  const outage = outageOf('ci360-events-queue');
  const port: EventQueue = {
    enqueue: async (request) => {
      outage.check();
      requests.push(structuredClone(request));
    },
  };
  return { ...port, outage, requests };
}
