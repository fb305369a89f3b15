import type { DeadLetters } from '../../domain/delivery/ports.ts';
import type { Failure } from '../../domain/failure.ts';
import { outageOf } from './outage.ts';

/** Keeps what was handed over, every time. */
export function fakeDeadLetters() {
  const letters: {
    body: string;
    tenantId: string | undefined;
    failure: Failure;
    recordId?: string;
  }[] = [];
  const outage = outageOf('dead-letter-queue');
  const port: DeadLetters = {
    handOver: async (body, tenantId, failure, recordId) => {
      outage.check();
      letters.push({
        body,
        tenantId,
        failure: structuredClone(failure),
        ...(recordId === undefined ? {} : { recordId }),
      });
    },
  };
  return { ...port, outage, letters };
}
