import { availableParallelism } from 'node:os';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { holds, resultMarkdown, resultText } from './report.ts';
import { type Result, runScenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

type Options = {
  only?: string;
  messages: number;
  json?: true;
  markdown?: true;
  list?: true;
};

const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 4) {
    throw new InvalidArgumentError('It must be a whole number of at least 4.');
  }
  return value;
};

/** `npm run faults`: lets every scenario happen to the embedded stack and prints what came of it. */
async function main(args: readonly string[]): Promise<number> {
  const command = new Command('faults')
    .description('Shows what the service loses or repeats when things go wrong around it.')
    .option('--only <name>', 'one scenario')
    .option('--messages <n>', 'events of each scenario', wholeNumber, 1000)
    .option('--json', 'print one JSON object as the last line')
    .option('--markdown', 'print the table as Markdown')
    .option('--list', 'print the scenarios with what must hold, and run none')
    .exitOverride();
  command.parse(args, { from: 'user' });
  const options = command.opts<Options>();

  if (options.list) {
    for (const { name, invariant } of scenarios) console.log(`${name}: ${invariant}`);
    return 0;
  }
  const chosen = scenarios.filter(
    ({ name }) => options.only === undefined || name === options.only,
  );
  if (chosen.length === 0) {
    console.error(`There is no scenario "${options.only}". See npm run faults -- --list.`);
    return 2;
  }

  const results: Result[] = [];
  for (const scenario of chosen) {
    process.stderr.write(`${scenario.name} … `);
    const result = await runScenario(scenario, options.messages);
    process.stderr.write(
      `${result.broken.length === 0 ? 'holds' : 'BROKEN'}, ${result.seconds.toFixed(1)} s\n`,
    );
    results.push(result);
  }
  console.log(options.markdown ? resultMarkdown(results) : resultText(results));
  if (options.json) {
    const machine = { cores: availableParallelism(), node: process.version };
    console.log(
      JSON.stringify({ messages: options.messages, machine, holds: holds(results), results }),
    );
  }
  return holds(results) ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    // Commander has already said what is wrong with the arguments.
    if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
    console.error(error instanceof Error ? (error.stack ?? error.message) : error);
    process.exit(1);
  },
);
