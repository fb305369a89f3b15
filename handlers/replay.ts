import { observation } from './runtime/observe.ts';
import { taskHandler } from './runtime/task.ts';
import { wireReplay } from './runtime/wiring/replay.ts';

const observe = observation('replay');

/** Every task of `statemachines/replay.asl.json` */
export const handler = taskHandler(observe, () => wireReplay(observe));
