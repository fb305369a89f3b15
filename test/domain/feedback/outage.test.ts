import { expect, it } from 'vitest';
import { MINUTE } from '../../../domain/clock.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aReply, aStatusUpdate } from '../../builders/external-event-request.ts';
import { ci360Down } from '../../fakes/event-gateway.ts';
import { injectorWorld } from './feedback-setup.ts';

const MESSAGES = 1000;
const id = (guid: string) => guid.replace('guid-', 'SM');
const guids = Array.from({ length: MESSAGES }, (_, n) => `guid-${n}`);

it('every event of a campaign reaches CI360 once, though it was down for 30 minutes', async () => {
  const world = injectorWorld({
    deliveries: guids.map((guid) => aDelivery({ guid, status: 'sent' })),
  });
  await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
  const start = world.clock();
  const down = (minutes: number) => minutes >= 5 && minutes < 35;
  world.gateway.answerWith(() =>
    down((world.clock() - start) / MINUTE) ? ci360Down : { kind: 'accepted' },
  );

  // Statuses come in over 20 minutes, the outage begins in the middle; every fifth callback comes twice.
  for (const [n, guid] of guids.entries()) {
    const due = start + (n * 20 * MINUTE) / MESSAGES;
    await world.drain(due);
    world.clock.advance(Math.max(0, due - world.clock()));
    for (const word of ['sent', 'delivered']) {
      const update = aStatusUpdate({ guid, word, providerMessageId: id(guid) });
      world.enqueue(update);
      if (n % 5 === 0) world.enqueue(update);
    }
    if (n % 50 === 0) world.enqueue(aReply({ providerMessageId: `SM-reply-${n}` }));
  }
  await world.drain();

  const heard = world.gateway.events.map(({ guid = '', status = '', messageId = '' }) =>
    [guid, status, messageId].join(' '),
  );
  expect(new Set(heard).size).toBe(heard.length);
  expect(heard).toHaveLength(2 * MESSAGES + MESSAGES / 50);
  // In order, too: what was sent first is heard first.
  for (const guid of guids) {
    expect(heard.indexOf(`${guid} sent ${id(guid)}`)).toBeLessThan(
      heard.indexOf(`${guid} delivered ${id(guid)}`),
    );
  }
  expect(world.deadLetters.letters).toEqual([]);
  expect(world.observe.counted('unreported')).toBeGreaterThan(0);
  expect(world.deliveries.all().every(({ status }) => status === 'delivered')).toBe(true);
});
