import * as z from 'zod';
import { by, errors, when } from '../rig/aws-calls.ts';
import { campaign } from '../rig/campaign.ts';
import { type Rig, untilCount } from '../rig/rig.ts';
import { type OnRig, onRig } from '../scenario.ts';

/** The sender of the local stage by provider: whom people answer. */
const senders = { twilio: '+12025550100', scg: 'sender_id:local' } as const;

const recipientSchema = z.object({ impression: z.object({ creativeContent: z.string() }) });
const recipientOf = (body: string): string =>
  /TO:([^;]+);/.exec(recipientSchema.parse(JSON.parse(body)).impression.creativeContent)?.[1] ?? '';

type Event = ReturnType<typeof campaign>[number];

/** Says STOP as the recipient of an event; gives the status with which the webhook was answered. */
async function sayStop(rig: Rig, { body, provider, tenantId }: Event): Promise<number> {
  const answer = await fetch(`${rig.stack.simUrl}/_reply/${provider}`, {
    method: 'POST',
    body: JSON.stringify({
      from: recipientOf(body),
      to: senders[provider],
      body: 'STOP',
      tenant: tenantId,
    }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** How long a report that CI360 did not take rests, seconds. */
const REPORTS_REST = 8;

/** A quarter of the messages is written to people who have said STOP after the others were sent. */
export const optOuts: readonly OnRig[] = [
  onRig({
    name: 'stop-behind-reports',
    invariant:
      'Once the webhook of a STOP is answered, nothing is sent to that person, though every report before it waits for CI360.',
    // Reports that come back every second, thousands of them, would keep the machine busy with nothing else.
    settings: {
      provider_timeout: '10000',
      lease_seconds: '18',
      in_doubt_grace: '12',
      retry_base_seconds: `${REPORTS_REST}`,
      retry_max_seconds: `${REPORTS_REST}`,
    },
    happen: async (rig, messages) => {
      const stopped = Math.floor(messages / 4);
      const first = campaign(messages - stopped);
      await rig.outside().setVisibility('ci360_events_queue', REPORTS_REST);
      rig.stack.simulators.setFault('ci360', { mode: 'hang' });
      rig.providers({ callbacks: 'normal' });
      await rig.post(first);
      await untilCount(
        async () => (await rig.outside().acceptedMessages()).length,
        first.length,
        'the first messages to be sent',
      );
      await rig.stack.simulators.idle(60_000);
      // Whatever reads the queue of reports gets nowhere now.
      rig.proxy.meet(when(by('ci360-injector', 'DYNAMODB'), errors.unavailable));
      const people = first.slice(0, stopped);
      for (const person of people) {
        if ((await sayStop(rig, person)) !== 200) throw new Error('A STOP was not taken.');
      }
      await rig.post(campaign(stopped));
      await untilCount(
        async () =>
          (await rig.outside().deliveries()).filter(
            ({ status }) => status !== 'sending' && status !== 'unknown',
          ).length,
        messages,
        'the messages after the STOP to end',
      );
      rig.proxy.meet(undefined);
      rig.stack.simulators.setFault('ci360', {});
    },
    check: async (books, rig) => {
      // 21610 would say that it was the provider who refused.
      const kept = (await rig.outside().failedRequests()).filter(
        ({ error_code }) => error_code === 'opted-out',
      );
      const expected = Math.floor(books.accepted / 4);
      return kept.length === expected && books.sent === books.accepted - expected
        ? []
        : [`${kept.length} of ${expected} not sent because of the STOP, ${books.sent} sent`];
    },
  }),
];
