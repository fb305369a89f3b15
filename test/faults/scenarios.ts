import type { Scenario } from './scenario.ts';
import { awsDown } from './scenarios/aws-down.ts';
import { callbacks } from './scenarios/callbacks.ts';
import { doubts } from './scenarios/doubts.ts';
import { events } from './scenarios/events.ts';
import { holds } from './scenarios/holds.ts';
import { lanes } from './scenarios/lanes.ts';
import { optOuts } from './scenarios/opt-outs.ts';
import { provider, slowProvider } from './scenarios/provider.ts';
import { queue, receivedElsewhere } from './scenarios/queue.ts';
import { replay } from './scenarios/replay.ts';
import { stackKilled } from './scenarios/stack-killed.ts';
import { totals } from './scenarios/totals.ts';
import { workerKilled } from './scenarios/worker-killed.ts';

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...workerKilled,
  stackKilled,
  ...slowProvider,
  ...provider,
  ...queue,
  receivedElsewhere,
  ...awsDown,
  ...events,
  ...doubts,
  ...callbacks,
  ...optOuts,
  ...lanes,
  ...replay,
  ...holds,
  ...totals,
];
