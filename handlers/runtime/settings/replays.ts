import { whole } from '../read-setting.ts';

/** Replays of failed requests. */
export const replaysShape = {
  /** Messages per second of all running replays together, and so the highest rate that one may be started with. */
  replay_max_rate: whole(1, 500).default(300),
  /** Seconds for which one task of a replay requeues before it lets the state machine take a turn. */
  replay_slice_seconds: whole(1, 90).default(45),
  /** Seconds between two counts of what came of a replay's messages. */
  replay_poll_seconds: whole(1, 3600).default(15),
  /** Longest wait in seconds for the outcomes of a replay's canary, and again of all its messages. */
  replay_await_seconds: whole(1, 86_400).default(3600),
} as const;
