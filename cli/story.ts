import {
  type FailedRequestAnswer,
  type StoryAnswer,
  storyAnswer,
} from '../domain/operator/answers/failed-requests.ts';
import type { Context } from './context.ts';
import { causeWords, counted, doubtWords, pairs, replayableWords, utcTime } from './format.ts';

/** What is left to do about a failed request: nothing once it was sent. */
function remedies({ status, kind, advice, replayable }: FailedRequestAnswer): [string, string][] {
  if (status === 'resolved') {
    const done = kind === 'external-event' ? 'CI360 has it now' : 'it was sent after all';
    return [['Replay', `not needed: ${done}`]];
  }
  const replay = status === 'replaying' ? 'under way' : replayableWords(replayable);
  return [
    ['Advice', advice || '—'],
    ['Replay', replay],
  ];
}

function storyLines({ failedRequest: row, delivery, replay }: StoryAnswer) {
  const after = (count: number, what: string) =>
    count === 0 ? '' : `, after ${counted(count, what)}`;
  const lines: [string, string | undefined][] = [
    ['Guid', row.guid],
    ['Status', `${row.status}${after(row.replays, 'replay')}`],
    ['What', `${row.kind} over ${row.provider} (${row.channel}) to ${row.to || '—'}`],
    ['From', `${row.sender || '—'} in task ${row.taskId || '—'}`],
    ['Generated', utcTime(row.generatedAt)],
    ['Failed', `${utcTime(row.failedAt)}${after(row.attempts, 'attempt')}`],
    ['Cause', causeWords(row)],
    ...remedies(row),
    ['Kept until', utcTime(row.expiresAt)],
  ];
  if (delivery !== null) {
    const { status, updatedAt, providerMessageId, inDoubt } = delivery;
    lines.push(
      ['Delivery', `${status}, changed ${utcTime(updatedAt)}`],
      ['Provider’s id', providerMessageId ?? undefined],
      ['In doubt', inDoubt === null ? undefined : doubtWords(inDoubt)],
    );
  }
  if (replay !== null) lines.push(['Last replay', `${replay.replayId}, ${replay.status}`]);
  return lines;
}

/** All that is known of one failed request. */
export async function showStory(guid: string, context: Context) {
  const story = await context.client.get(
    `/failed-requests/${encodeURIComponent(guid)}`,
    { tenantId: context.namedTenant },
    storyAnswer,
  );
  context.print(story, () => pairs(storyLines(story), context.width));
}
