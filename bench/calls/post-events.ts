import { randomUUID } from 'node:crypto';
import { outboundEvent } from '../../local/demo/event.ts';
import { localKeys } from '../../local/secrets.ts';
import { type Behaviour, recipient } from '../../local/simulators/magic-numbers.ts';

/** The tenant that the stack knows. */
export const tenantId = 'local-tenant';

/** The number that people are written to from, and write back to. */
export const sender = '+12025550100';

/** An ordinary message: 94 characters of text, one recipient. */
export const benchEvent = (to: string, guid: string = randomUUID()) =>
  outboundEvent({
    guid,
    tenantId,
    identityId: randomUUID(),
    creative: `TO:${to};FROM:${sender};Your seats are booked: row 7; seats 12 and 13. Reply HELP for help; STOP to end.`,
    generatedAt: Date.now(),
    responseTrackingCode: randomUUID(),
  });
export type BenchEvent = ReturnType<typeof benchEvent>;

/** How many of each behaviour were given out: there are fewer who misbehave than one run writes to. */
const givenOut = new Map<Behaviour, number>();

/** Numbers of so many people, each different from all before, who behave so. */
export function people(count: number, behaviour: Behaviour = 'delivered'): string[] {
  const from = givenOut.get(behaviour) ?? 0;
  givenOut.set(behaviour, from + count);
  return Array.from({ length: count }, (_, n) => recipient(behaviour, from + n));
}

export const benchEvents = (count: number, behaviour?: Behaviour): BenchEvent[] =>
  people(count, behaviour).map((to) => benchEvent(to));

export const connectorHeaders = {
  'content-type': 'text/plain;charset=UTF-8',
  'x-api-key': localKeys.connector,
};

/** Posts each as CI360 does; throws unless all are accepted. */
export async function postEvents(url: string, events: readonly BenchEvent[]): Promise<void> {
  for (const event of events) {
    const answer = await fetch(`${url}/twilio/messages`, {
      method: 'POST',
      headers: connectorHeaders,
      body: JSON.stringify(event),
    });
    if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  }
}
