import { behaviourOf } from '../magic-numbers.ts';
import type { MessageStore } from '../message-store.ts';
import type { SimulatorContext } from '../options.ts';
import type { Reply } from '../simulator.ts';
import type { TwilioAccount } from './accounts.ts';
import type { TwilioMessage } from './message.ts';
import { callWebhook, statusParams } from './webhooks.ts';

/** Sees a message through the rest of its plan: each state is reached, then reported to its StatusCallback. */
export function createLives(
  context: SimulatorContext,
  store: MessageStore<TwilioMessage>,
  accounts: () => readonly TwilioAccount[],
  reply: (reply: Reply) => Promise<unknown>,
) {
  function reach(sid: string, step: number): void {
    const message = store.get(sid);
    const next = message?.plan[step];
    if (!message || !next || step < message.reached) return;
    const now = context.clock();
    store.put({
      ...message,
      status: next.status,
      errorCode: next.errorCode ?? null,
      sentAt: message.sentAt ?? (next.status === 'queued' ? null : now),
      updatedAt: now,
      reached: step + 1,
    });
  }

  async function tell(sid: string, step: number): Promise<void> {
    const message = store.get(sid);
    const reached = message?.plan[step];
    const account = accounts().find(({ accountSid }) => accountSid === message?.accountSid);
    if (!message?.statusCallback || !reached || !account) return;
    const params = statusParams(message, reached, context.clock());
    await callWebhook(context.webhooks, account, message.statusCallback, params);
  }

  return async (sid: string): Promise<void> => {
    const message = store.get(sid);
    if (!message) return;
    await context.runner.run({
      steps: message.plan.map((_, step) => step).slice(message.reached),
      mode: message.callbacks,
      reach: (step) => reach(sid, step),
      tell: (step) => tell(sid, step),
      after: async () => {
        if (behaviourOf(message.to) === 'replies')
          await reply({ from: message.to, to: message.from ?? '', body: 'Thanks' });
      },
    });
  };
}
