import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { LookUp, LookUpWindow } from '../../domain/delivery/outcome.ts';
import { parseJson } from '../../domain/json.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { onProviderClock } from '../look-up-window.ts';
import { inconclusive, toUnavailable } from '../provider-verdict.ts';
import type { TwilioAddresses } from './address.ts';
import { twilioVerdict } from './answer.ts';
import { listedSchema, match } from './match.ts';
import type { TwilioMessages } from './messages.ts';

const pageSchema = z.object({
  messages: z.array(listedSchema),
  next_page_uri: z.string().nullish(),
});

const PAGE_SIZE = 500;
/** 5,000 messages to one recipient; who has more gets no certain answer. */
const MAX_PAGES = 10;

/**
 * Reads the whole list of messages to the recipient. Not narrowed by `DateSent`, and not ended early:
 * Twilio filters and sorts by when a message was sent, and one that still waits in its queue has no
 * such date, so it might be passed over and sent again.
 */
export async function lookUpTwilio(
  { messages, last }: TwilioMessages,
  request: MessageRequest,
  addresses: TwilioAddresses,
  window: LookUpWindow,
  clock: Clock,
): Promise<LookUp> {
  let next: string | undefined;
  let hidden = false;
  for (let page = 0; page < MAX_PAGES; page++) {
    try {
      if (next === undefined) await messages.page({ to: addresses.to, pageSize: PAGE_SIZE });
      else await messages.getPage(next);
    } catch (error) {
      // The package throws for every answer that is not a list; what it was is read below.
      if (last() === undefined) throw error;
    }
    const exchange = last();
    if (exchange === undefined) return inconclusive('Twilio');
    const now = clock();
    if (exchange.kind !== 'answer' || exchange.status !== 200) {
      return toUnavailable(twilioVerdict(exchange, now), 'Twilio');
    }
    const list = pageSchema.safeParse(parseJson(exchange.body)).data;
    if (list === undefined) return inconclusive('Twilio');
    const theirs = onProviderClock(window, exchange, now);
    for (const listed of list.messages) {
      const found = match(listed, request, addresses, theirs);
      if (found === 'same') return { kind: 'accepted', providerMessageId: listed.sid };
      if (found === 'hidden') hidden = true;
    }
    if (!list.next_page_uri) return hidden ? inconclusive('Twilio') : { kind: 'absent' };
    next = list.next_page_uri;
  }
  return inconclusive('Twilio');
}
