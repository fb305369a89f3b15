import { type AwsCall, type Summary, summarise } from '../aws/ledger.ts';
import { settledLogSize } from './log-size.ts';
import { type MeasuredStack, startMeasuredStack } from './measured-stack.ts';
import { benchEvents, postEvents } from './post-events.ts';
import { type StepName, type StepPlan, stepNames, stepPlans, type Worked } from './steps.ts';

/** What one step of a message's life asks of AWS, for each message. */
export type Step = Summary &
  Required<Worked> & {
    readonly name: StepName;
    readonly logBytes: number;
    readonly items: readonly ItemSize[];
  };

/** The largest item of a table that a step wrote, and the most that its indexes keep of one. */
type ItemSize = {
  readonly table: string;
  readonly bytes: number;
  readonly indexBytes: number;
};

/** Waits are short, as nothing is gained by sitting through them. */
const impatient = { retry_base_seconds: '1', retry_max_seconds: '1' };

/** Runs each step with so many messages, an even number, and counts what it asked of AWS. */
export async function measureCalls(
  messages = 20,
  names: readonly StepName[] = stepNames,
): Promise<Step[]> {
  const steps = new Map<StepName, Step>();
  // Steps of equal settings share a stack.
  const together = Map.groupBy(names, (name) => JSON.stringify(planOf(name).settings ?? {}));
  for (const group of together.values()) {
    const settings = { ...impatient, ...group.map(planOf)[0]?.settings };
    const measured = await startMeasuredStack({ settings });
    try {
      await warmUp(measured);
      for (const name of group) steps.set(name, await measure(measured, name, messages));
    } finally {
      await measured.close();
    }
  }
  return names.flatMap((name) => steps.get(name) ?? []);
}

const planOf = (name: StepName): StepPlan => stepPlans[name];

/** Cold starts, secrets and connections are not what a message costs. */
async function warmUp({ stack, pump }: MeasuredStack): Promise<void> {
  await postEvents(stack.url, benchEvents(1));
  await pump.run('worker');
  await stack.simulators.idle();
  await pump.run('ci360-injector');
  stack.simulators.setFault('twilio', { latencyMs: 0, callbacks: 'never' });
}

async function measure(measured: MeasuredStack, name: StepName, usual: number): Promise<Step> {
  const { stack, ledger, pump } = measured;
  const plan = planOf(name);
  const messages = usual * (plan.scale ?? 1);
  // What the step before has left on the queue is not this one's.
  await pump.run('worker');
  await plan.prepare?.(measured, messages);
  ledger.take();
  const logged = await settledLogSize(stack.logsDir);

  const { invocations, records, transitions = 0 } = await plan.run(measured, messages);
  const calls = ledger.take();
  return {
    name,
    ...summarise(calls, messages),
    invocations: Object.fromEntries(
      Object.entries(invocations).map(([key, count]) => [key, count / messages]),
    ),
    records: records / messages,
    transitions: transitions / messages,
    logBytes: ((await settledLogSize(stack.logsDir)) - logged) / messages,
    items: itemsOf(calls),
  };
}

const itemsOf = (calls: readonly AwsCall[]): ItemSize[] =>
  [...Map.groupBy(calls, ({ resource }) => resource)]
    .map(([table, writes]) => ({
      table: table.replace(/^.*-local-/, ''),
      bytes: Math.max(...writes.map(({ itemBytes }) => itemBytes)),
      indexBytes: Math.max(...writes.map(({ indexBytes }) => indexBytes)),
    }))
    .filter(({ bytes }) => bytes > 0);
