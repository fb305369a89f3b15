import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { localKeys } from '../../../local/secrets.ts';
import { tenants } from './campaign.ts';

const replaySchema = z.object({
  replayId: z.string(),
  status: z.string(),
  requeued: z.number(),
  failedAgain: z.number(),
});
const controlledSchema = z.object({ releasing: z.boolean() });
type Replay = z.infer<typeof replaySchema>;

/** What an operator does, over HTTP. */
export function operator(url: string) {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(url + path, {
      method,
      headers: { 'x-api-key': localKeys.operator, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const look = async (replayId: string): Promise<Replay> =>
    replaySchema.parse(await call('GET', `/replays/${replayId}`));

  return {
    /** Replays everything that failed, of every tenant; answers with the replays that were started. */
    replayAll: async (how: { rate?: number; maxFailureRate?: number } = {}): Promise<Replay[]> =>
      Promise.all(
        tenants.map(async (tenantId) =>
          replaySchema.parse(
            await call('POST', '/replays', { tenantId, rate: 300, maxFailureRate: 1, ...how }),
          ),
        ),
      ),
    /** Waits until a replay is over, and says how it ended. */
    ended: async (replayId: string, patienceMs = 300_000): Promise<string> => {
      const end = performance.now() + patienceMs;
      for (;;) {
        const { status } = await look(replayId);
        if (status !== 'running' || performance.now() > end) return status;
        await delay(200);
      }
    },
    /** Holds, resumes or stops a campaign, or with `*` all of a tenant. */
    control: (tenantId: string, task: string, word: string) =>
      call('POST', `/campaigns/${encodeURIComponent(task)}/${word}`, { tenantId }),
    controlled: async (tenantId: string, task: string) =>
      controlledSchema.parse(
        await call('GET', `/campaigns/${encodeURIComponent(task)}?tenantId=${tenantId}`),
      ),
    look,
    resume: (replayId: string) => call('POST', `/replays/${replayId}/resume`, {}),
  };
}
