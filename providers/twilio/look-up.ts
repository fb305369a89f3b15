import * as z from 'zod';
import type { Clock } from '../../domain/clock.ts';
import type { Candidate, InDoubt, LookUp } from '../../domain/delivery/outcome.ts';
import { parseJson } from '../../domain/json.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { aheadOfUs, onProviderClock } from '../look-up-window.ts';
import { inconclusive, toUnavailable } from '../verdict.ts';
import type { TwilioAddresses } from './address.ts';
import { twilioVerdict } from './answer.ts';
import { type Listed, listedSchema, type Match, match } from './match.ts';
import type { TwilioMessages } from './messages.ts';

const pageSchema = z.object({
  messages: z.array(listedSchema),
  next_page_uri: z.string().nullish(),
});

const PAGE_SIZE = 500;
/** 5,000 messages to one recipient; who has more gets no certain answer. */
const MAX_PAGES = 10;

/**
 * Asks for a number in each of its forms: Twilio's filter compares letter by letter, and it may list a
 * number in its other form. A form that could not be asked about leaves room for more.
 */
export async function askInAllForms(
  forms: readonly string[],
  ask: (to: string) => Promise<LookUp>,
): Promise<LookUp> {
  const found = new Map<string, Candidate>();
  let hasMore = false;
  let notAsked: LookUp | undefined;
  for (const to of forms) {
    const answer = await ask(to);
    if (answer.kind === 'candidates') {
      hasMore ||= answer.hasMore ?? false;
      for (const message of answer.messages) found.set(message.providerMessageId, message);
    } else if (answer.kind !== 'absent') {
      notAsked = answer;
    }
  }
  if (found.size === 0 && !hasMore) return notAsked ?? { kind: 'absent' };
  const isPartly = hasMore || notAsked !== undefined;
  return {
    kind: 'candidates',
    messages: [...found.values()],
    ...(isPartly ? { hasMore: true } : {}),
  };
}

/**
 * Reads the whole list of messages to the recipient. Not narrowed by `DateSent`, and not ended early:
 * Twilio filters and sorts by when a message was sent, and one that still waits in its queue has no
 * such date, so it might be passed over and sent again.
 */
export async function lookUpTwilio(
  messages: TwilioMessages,
  request: MessageRequest,
  addresses: TwilioAddresses,
  attempt: InDoubt,
  clock: Clock,
): Promise<LookUp> {
  let next: string | undefined;
  const candidates: Candidate[] = [];
  for (let page = 0; page < MAX_PAGES; page++) {
    const exchange = await (next === undefined
      ? messages.page(addresses.to, PAGE_SIZE)
      : messages.nextPage(next));
    const now = clock();
    if (exchange.kind !== 'answer' || exchange.status !== 200) {
      return toUnavailable(twilioVerdict(exchange, now), 'Twilio');
    }
    const list = pageSchema.safeParse(parseJson(exchange.body)).data;
    if (list === undefined) return inconclusive('Twilio');
    const theirs = onProviderClock(attempt, exchange, now);
    const ahead = aheadOfUs(exchange, now);
    for (const listed of list.messages) {
      const found = match(listed, request, addresses, theirs, attempt);
      if (found !== 'other') candidates.push(candidate(listed, found, ahead));
    }
    if (!list.next_page_uri) return absentOr(candidates);
    next = list.next_page_uri;
  }
  // What has not been read may be ours as well.
  return { kind: 'candidates', messages: candidates, hasMore: true };
}

const absentOr = (candidates: readonly Candidate[]): LookUp =>
  candidates.length === 0 ? { kind: 'absent' } : { kind: 'candidates', messages: candidates };

const candidate = ({ sid, date_created }: Listed, found: Match, ahead: number): Candidate => ({
  providerMessageId: sid,
  ...(found === 'unsure' ? {} : { equalSince: Date.parse(date_created ?? '') - ahead }),
  ...(found === 'longer' ? { isLonger: true } : {}),
  ...(found === 'unread' ? { isUnread: true } : {}),
});
