import type { ReplayAnswer } from '../../domain/operator/answers/replays.ts';
import { counted, number } from '../words.ts';

const phases: Readonly<Record<ReplayAnswer['phase'], string>> = {
  canary: 'The first messages are put on the queue.',
  'canary-outcomes': 'It waits for the outcomes of the first messages.',
  requeue: 'Requests are put on the queue.',
  outcomes: 'All are on the queue; it waits for their outcomes.',
  over: 'It is over.',
};

/** Where a replay is, in a sentence. */
export function progressWords(replay: ReplayAnswer): string {
  if (replay.asked !== null)
    return `It was asked to ${replay.asked} and does so between two batches.`;
  if (replay.status === 'running') return phases[replay.phase];
  if (replay.status !== 'completed') return replay.reason ?? `It is ${replay.status}.`;
  if (replay.requeued === 0) return 'Nothing was to be sent.';
  return replay.failedAgain === 0
    ? `All ${counted(replay.sent, 'request')} were sent.`
    : `${number(replay.sent)} were sent, ${number(replay.failedAgain)} failed again.`;
}

/** Whether it changes no more by itself. */
export const isSettled = ({ status, onTheirWay }: ReplayAnswer): boolean =>
  status !== 'running' && onTheirWay === 0;

export type Control = 'pause' | 'resume' | 'cancel';

/** What an operator can do with a replay. */
export function controlsOf({ status, asked }: ReplayAnswer): readonly Control[] {
  if (status === 'completed' || status === 'canceled') return [];
  if (status !== 'running') return ['resume', 'cancel'];
  if (asked === 'cancel') return [];
  return asked === 'pause' ? ['cancel'] : ['pause', 'cancel'];
}
