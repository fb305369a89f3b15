import { behaviourOf } from '../magic-numbers.ts';
import type { MessageStore } from '../message-store.ts';
import type { SimulatorContext } from '../options.ts';
import type { Reply } from '../simulator.ts';
import type { ScgApplication } from './applications.ts';
import { envelope, sendEvent, stateChangeFields } from './events.ts';
import type { ScgMessage } from './message.ts';

/** Sees a message through the rest of its plan: each state is reached, then reported in an event. */
export function createLives(
  context: SimulatorContext,
  store: MessageStore<ScgMessage>,
  applications: () => readonly ScgApplication[],
  reply: (reply: Reply) => Promise<unknown>,
) {
  function reach(messageId: string, step: number): void {
    const message = store.get(messageId);
    const next = message?.plan[step];
    if (!message || !next || step < message.reached) return;
    const now = context.clock();
    store.put({
      ...message,
      state: next.state,
      failureCode: next.reasonCode ?? null,
      failureDetails: next.reason ?? null,
      sentAt: message.sentAt ?? (next.state === 'SENT' ? now : null),
      deliveredAt: message.deliveredAt ?? (next.state === 'DELIVERED' ? now : null),
      reached: step + 1,
    });
  }

  async function tell(messageId: string, step: number): Promise<void> {
    const message = store.get(messageId);
    const application = applications().find(({ tenantId }) => tenantId === message?.tenantId);
    const connector = context.connectorUrl();
    if (!message || !application || !connector) return;
    const fields = stateChangeFields(message, step, context.fault().externalIdInEvents);
    const payload = envelope('message_state_change', fields, context.clock());
    await sendEvent(context.webhooks, application, connector, payload);
  }

  return async (messageId: string): Promise<void> => {
    const message = store.get(messageId);
    if (!message) return;
    await context.runner.run({
      steps: message.plan.map((_, step) => step).slice(message.reached),
      mode: message.callbacks,
      reach: (step) => reach(messageId, step),
      tell: (step) => tell(messageId, step),
      after: async () => {
        if (behaviourOf(message.to) === 'replies')
          await reply({ from: message.to, to: message.from, body: 'Thanks' });
      },
    });
  };
}
