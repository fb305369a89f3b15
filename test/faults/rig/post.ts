import { setTimeout as delay } from 'node:timers/promises';
import pMap from 'p-map';
import type { ProviderId } from '../../../domain/provider-id.ts';
import { localKeys } from '../../../local/secrets.ts';

export type PostedEvent = {
  readonly guid: string;
  readonly tenantId: string;
  readonly provider: ProviderId;
  readonly body: string;
};

export type PostOptions = {
  /** Posts that are under way at once; default 32. */
  readonly atOnce?: number;
  /** How often an event that was not taken (429, 5xx, no answer) is posted again; default 3: a starved machine answers 503. */
  readonly again?: number;
};

/** Posts events as CI360 does. Gives the statuses of the last answers, by event; 0 where there was none. */
export async function postEvents(
  url: string,
  events: readonly PostedEvent[],
  { atOnce = 32, again = 3 }: PostOptions = {},
): Promise<Map<PostedEvent, number>> {
  const once = async ({ provider, body }: PostedEvent): Promise<number> => {
    try {
      const answer = await fetch(`${url}/${provider}/messages`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'text/plain;charset=utf-8', 'x-api-key': localKeys.connector },
      });
      await answer.arrayBuffer();
      return answer.status;
    } catch {
      return 0;
    }
  };
  const answers = await pMap(
    events,
    async (event) => {
      let status = await once(event);
      for (let left = again; left > 0 && isWorthAgain(status); left -= 1) {
        await delay(250);
        status = await once(event);
      }
      return [event, status] as const;
    },
    { concurrency: atOnce },
  );
  return new Map(answers);
}

const isWorthAgain = (status: number) => status === 0 || status === 429 || status >= 500;
