import type { Machine } from './measure/machine.ts';
import { type Table, toMarkdown } from './table.ts';

export type Setting = { readonly machine: Machine; readonly takenAt: string };

const machineLine = ({ machine: { cores, memoryGigabytes, node, platform }, takenAt }: Setting) =>
  `Measured on ${takenAt} with ${cores} cores, ${memoryGigabytes} GB of memory, Node ${node}, ${platform}.`;

/** For the terminal. */
export const report = (setting: Setting, tables: readonly Table[]): string =>
  [machineLine(setting), ...tables.map(toMarkdown)].join('\n\n');

/** `docs/performance.md`, whole. */
export const page = (setting: Setting, tables: readonly Table[]): string =>
  `${[
    '# Performance and cost',
    'Written by `npm run bench -- --write`; change the measurements in `bench/`, not this page.',
    machineLine(setting),
    'What is compared was run in turns on one machine, so that ratios hold where milliseconds do not: provider, queues and tables run on the same cores as the service. `npm run bench` does it again anywhere; `npm run bench -- --help` says what can be asked for.',
    ...tables.map((table) => toMarkdown(table).replace(/^### /, '## ')),
  ].join('\n\n')}\n`;
