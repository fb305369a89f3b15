import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from '../../local/simulators/fault.ts';
import type { MeasuredStack } from './measured-stack.ts';
import { benchEvents, postEvents, sender } from './post-events.ts';
import type { Pumped } from './queue-pump.ts';
import { runReplay } from './replay.ts';

/** One step of a message's life. What `prepare` does is not counted; `run` is, for so many messages. */
export type StepPlan = {
  readonly label: string;
  readonly prepare?: (measured: MeasuredStack, messages: number) => Promise<void>;
  readonly run: (measured: MeasuredStack, messages: number) => Promise<Worked>;
  /** Settings of the service that differ. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How many times the usual number of messages; default 1. */
  readonly scale?: number;
  /** The items that it writes are there already: they take no more room. */
  readonly rewrites?: true;
};

export type Worked = {
  /** Lambda invocations by function. */
  readonly invocations: Readonly<Record<string, number>>;
  /** Records that came off queues. */
  readonly records: number;
  /** State transitions; default 0. */
  readonly transitions?: number;
};

const worked = (of: Readonly<Record<string, Pumped>>): Worked => ({
  invocations: Object.fromEntries(
    Object.entries(of).map(([name, { invocations }]) => [name, invocations]),
  ),
  records: Object.values(of).reduce((sum, { messages }) => sum + messages, 0),
});

const post = async ({ stack }: MeasuredStack, messages: number) =>
  postEvents(stack.url, benchEvents(messages));

const work = async ({ pump }: MeasuredStack) => worked({ worker: await pump.run('worker') });

/** The provider does so; nothing is reported back unless asked for. */
const provider = ({ stack }: MeasuredStack, fault: Partial<Fault> = {}) =>
  stack.simulators.setFault('twilio', { latencyMs: 0, callbacks: 'never', ...fault });

/** Works on the queue until the records that went back to it are done, too. */
async function workTwice(measured: MeasuredStack, messages: number): Promise<Worked> {
  const { pump } = measured;
  // Each once, however slow that is: the first may be visible again before the last was tried.
  const sum = { ...(await pump.run('worker', messages)) };
  provider(measured);
  while (sum.messages < 2 * messages) {
    await wait(200);
    const more = await pump.run('worker');
    sum.messages += more.messages;
    sum.invocations += more.invocations;
  }
  return worked({ worker: sum });
}

async function reply(simUrl: string, from: string): Promise<void> {
  const answer = await fetch(`${simUrl}/_reply/twilio`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from, to: sender, body: 'Thanks' }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

/** In the order in which a message goes through them. */
export const stepPlans = {
  accepted: {
    label: 'event accepted (ingress)',
    run: async (measured, messages) => {
      await post(measured, messages);
      return { invocations: { ingress: messages }, records: 0 };
    },
  },
  sent: { label: 'message sent (worker)', prepare: post, run: work },
  'sent-without-identity': {
    label: 'message sent, no identity kept (`identity_field` is set)',
    settings: { identity_field: 'subject_id' },
    prepare: post,
    run: work,
  },
  duplicate: {
    label: 'copy of an event whose message was sent (worker)',
    prepare: async (measured, messages) => {
      const events = benchEvents(messages);
      await postEvents(measured.stack.url, events);
      await work(measured);
      await postEvents(measured.stack.url, events);
    },
    run: work,
  },
  throttled: {
    label: 'message sent at the second try, the first was throttled (worker twice)',
    prepare: async (measured, messages) => {
      await post(measured, messages);
      provider(measured, { mode: 'status', status: 429, retryAfter: 1 });
    },
    run: workTwice,
  },
  doubtful: {
    label: 'message found at the provider after a broken answer (worker twice)',
    prepare: async (measured, messages) => {
      await post(measured, messages);
      provider(measured, { mode: 'accept-then-reset' });
    },
    run: workTwice,
  },
  refused: {
    label: 'message refused by the provider (worker, dead-letter)',
    prepare: async ({ stack }, messages) => postEvents(stack.url, benchEvents(messages, 'invalid')),
    run: async ({ pump }) =>
      worked({ worker: await pump.run('worker'), 'dead-letter': await pump.run('dead-letter') }),
  },
  replayed: {
    label: 'failed request sent by a replay of 100 (replay machine, worker)',
    scale: 5,
    rewrites: true,
    prepare: async (measured, messages) => {
      await post(measured, messages);
      provider(measured, { mode: 'status', status: 401, code: 20003 });
      await work(measured);
      await measured.pump.run('dead-letter');
      provider(measured);
    },
    run: async (measured) => {
      const { worker, tasks, transitions } = await runReplay(measured);
      return {
        invocations: { operator: 1, replay: tasks, worker: worker.invocations },
        records: worker.messages,
        transitions,
      };
    },
  },
  status: {
    label: 'status update reported to CI360 (webhook, injector)',
    rewrites: true,
    prepare: async (measured, messages) => {
      provider(measured, { callbacks: 'late' });
      // Two statuses a message: sent and delivered.
      await post(measured, messages / 2);
      await work(measured);
      provider(measured);
    },
    run: async ({ stack, pump }, messages) => {
      await stack.simulators.idle();
      const { invocations, records } = worked({
        'ci360-injector': await pump.run('ci360-injector'),
      });
      return { invocations: { 'twilio-status': messages, ...invocations }, records };
    },
  },
  reply: {
    label: 'reply reported to CI360 (webhook, injector)',
    prepare: async (measured, messages) => {
      await post(measured, messages);
      await work(measured);
    },
    run: async ({ stack, pump }, messages) => {
      const writtenTo = stack.simulators.twilio.accepted().slice(-messages);
      for (const { to } of writtenTo) await reply(stack.simUrl, to);
      const { invocations, records } = worked({
        'ci360-injector': await pump.run('ci360-injector'),
      });
      return { invocations: { 'twilio-inbound': messages, ...invocations }, records };
    },
  },
} as const satisfies Readonly<Record<string, StepPlan>>;

export type StepName = keyof typeof stepPlans;
export const stepNames = Object.keys(stepPlans).filter(
  (name): name is StepName => name in stepPlans,
);
