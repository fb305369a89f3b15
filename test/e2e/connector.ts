import './described.ts';
import { randomUUID } from 'node:crypto';
import { outboundEvent } from '../../local/demo/event.ts';
import { outcomeReader, type Recorded } from '../../local/demo/outcomes.ts';
import { localKeys } from '../../local/secrets.ts';
import type { Stack } from '../../local/stack.ts';

/** CI360 as the end-to-end tests play it, and the tables as they read them. */
export function connector(stack: Stack, tenantId = 'local-tenant') {
  return {
    /** Posts one event; gives its guid and the answer's status and body. */
    post: async (
      creative: string,
      {
        provider = 'twilio',
        guid = randomUUID(),
        key = localKeys.connector,
        generatedAt = Date.now(),
        task,
      }: {
        provider?: string;
        guid?: string;
        key?: string;
        generatedAt?: number;
        /** The code of its task; by default the sample campaign's. */
        task?: string;
      } = {},
    ) => {
      const response = await fetch(`${stack.url}/${provider}/messages`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain;charset=utf-8', 'x-api-key': key },
        body: JSON.stringify(
          outboundEvent({
            guid,
            tenantId,
            identityId: randomUUID(),
            creative,
            generatedAt,
            responseTrackingCode: randomUUID(),
            ...(task === undefined ? {} : { taskCode: task, taskId: `id-of-${task}` }),
          }),
        ),
      });
      const body: unknown = await response.json();
      return { guid, status: response.status, body };
    },

    /** Waits until the tables hold an event's outcome. */
    outcome: async (guid: string): Promise<Recorded> => {
      const reader = outcomeReader(stack);
      try {
        for (;;) {
          const recorded = (await reader.read(tenantId, [guid])).get(guid);
          if (recorded && recorded.kind !== 'open') return recorded;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      } finally {
        reader.close();
      }
    },
  };
}
