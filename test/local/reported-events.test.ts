import { expect, it } from 'vitest';
import { heardOf } from '../../local/demo/reported-events.ts';
import type { Stack } from '../../local/stack.ts';

type Ci360 = Stack['simulators']['ci360'];

const settings = { twilio_mo_event: 'reply', scg_mo_event: 'reply' };
const event = (body: Record<string, string>, at = 10) => ({
  id: 'e',
  tenantId: 'tenant-a',
  at,
  body: { eventName: 'e', provider: 'twilio', messageId: 'm', ...body },
});

it('counts messages by what became of them, and sees what was said twice', () => {
  const events = [
    event({ guid: 'a', status: 'sent', eventName: 'sent' }),
    event({ guid: 'a', status: 'delivered', eventName: 'delivered' }),
    event({ guid: 'a', status: 'delivered', eventName: 'delivered' }),
    event({ guid: 'b', status: 'FAILED', eventName: 'failed', provider: 'scg' }),
    event({ guid: 'a', status: 'read', eventName: 'read' }),
    event({ guid: 'of another campaign', status: 'delivered' }),
    event({ eventName: 'reply', messageId: 'mo-1' }),
    event({ eventName: 'reply', messageId: 'mo-before' }, 1),
  ];
  const ci360: Pick<Ci360, 'events'> = { events: () => events };
  expect(heardOf({ simulators: { ci360 }, settings }, new Set(['a', 'b']), 5)).toEqual({
    delivered: 1,
    undelivered: 1,
    read: 1,
    replied: 1,
    reported: 6,
    repeated: 1,
  });
});
