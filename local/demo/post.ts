import pMap from 'p-map';
import * as z from 'zod';
import type { CampaignEvent } from './campaign.ts';

/** What the connector said to an event. `failed` is anything that is not one of its answers to events. */
export type Answer = 'accepted' | 'discarded' | 'rejected' | 'failed';

const bodySchema = z.object({ status: z.string() });

async function answerOf(response: Response): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  if (response.status === 202) return 'accepted';
  if (response.status === 200 && bodySchema.safeParse(body).success) return 'discarded';
  return response.status >= 400 && response.status < 500 ? 'rejected' : 'failed';
}

/** Posts events as CI360 does, some at a time; gives each event's first answer and says it as it comes. */
export async function postAll(
  url: string,
  key: string,
  events: readonly CampaignEvent[],
  onAnswer: (event: CampaignEvent, answer: Answer) => void,
): Promise<void> {
  const post = async ({ provider, body }: CampaignEvent): Promise<Answer> => {
    try {
      return await answerOf(
        await fetch(`${url}/${provider}/messages`, {
          method: 'POST',
          body,
          headers: { 'content-type': 'text/plain;charset=utf-8', 'x-api-key': key },
        }),
      );
    } catch {
      return 'failed';
    }
  };
  await pMap(
    events,
    async (event) => {
      const answers = await Promise.all(Array.from({ length: event.posts }, () => post(event)));
      // Accepted once is accepted: what is owed then is one outcome.
      onAnswer(event, answers.includes('accepted') ? 'accepted' : (answers[0] ?? 'failed'));
    },
    { concurrency: 16 },
  );
}
