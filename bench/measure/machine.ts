import { availableParallelism, totalmem } from 'node:os';

/** What the numbers depend on; nothing that names the machine. */
export const machine = () => ({
  cores: availableParallelism(),
  memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
});
export type Machine = ReturnType<typeof machine>;
