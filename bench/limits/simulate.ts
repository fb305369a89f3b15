import { nextTry } from '../../domain/delivery/backoff.ts';
import type { Outcome as SendOutcome } from '../../domain/delivery/outcome.ts';
import { isRetriedNow } from '../../providers/with-retries.ts';
import { percentile } from '../measure/percentile.ts';
import { Agenda } from './agenda.ts';
import { type Message, Queue } from './queue.ts';
import { seededRandom } from './random.ts';

/** A tenant's campaign: so many messages from `startsAt` (s) on, at `perSecond`. */
type Campaign = {
  readonly messages: number;
  readonly startsAt: number;
  readonly perSecond: number;
};

export type Setting = {
  readonly campaigns: readonly Campaign[];
  readonly isFair: boolean;
  /** `worker_maximum_concurrency` and `worker_batch_size`. */
  readonly maximumConcurrency: number;
  readonly batchSize: number;
  /** What a batch takes, s: its own work, and the provider's answer. */
  readonly batchSeconds: number;
  /** Messages a second that the provider takes from one sender (a tenant has one); unlimited without. */
  readonly senderPerSecond?: number;
  /** `retry_base_seconds` and `retry_max_seconds`. */
  readonly backoff: { readonly baseSeconds: number; readonly maxSeconds: number };
  /** `send_retries` */
  readonly sendRetries: number;
};

export type Outcome = {
  /** From the first message posted to the last one sent, s. */
  readonly seconds: number;
  readonly perSecond: number;
  /** Calls to the provider for each message that was sent. */
  readonly tries: number;
  /** How often the queue gave out each message that was sent. */
  readonly receives: number;
  readonly mostConcurrent: number;
  /** From posted to sent, s, by campaign. */
  readonly waits: readonly { readonly p50: number; readonly p99: number }[];
};

/**
 * How Lambda scales for a standard queue: five batches at once at first, and up to 300 more a minute.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const FIRST_POLLERS = 5;
const MORE_PER_SECOND = 300 / 60;
/** What the adapters make of a 429 without Retry-After. */
const throttled: SendOutcome = {
  kind: 'throttled',
  failure: { class: 'transient', code: '20429', message: 'Too many requests.' },
};
/** How long a poller rests that found nothing, s; a long poll answers at once when something comes. */
const REST_SECONDS = 0.1;

/** Plays the campaigns through SQS, Lambda and the provider, message by message, until all are sent. */
export function simulate(setting: Setting): Outcome {
  const agenda = new Agenda();
  const queue = new Queue(setting.isFair);
  const random = seededRandom(1);
  const waits: number[][] = setting.campaigns.map(() => []);
  const total = setting.campaigns.reduce((sum, { messages }) => sum + messages, 0);
  const tokens = setting.campaigns.map(() => ({ left: setting.senderPerSecond ?? 0, at: 0 }));
  let sent = 0;
  let tries = 0;
  let receives = 0;
  let working = 0;
  let mostConcurrent = 0;

  for (const [tenant, { messages, startsAt, perSecond }] of setting.campaigns.entries()) {
    for (let at = 0; at < messages; at += 1) {
      const postedAt = startsAt + at / perSecond;
      agenda.add(postedAt, () => queue.put({ tenant, postedAt, receives: 0 }));
    }
  }

  const isTaken = ({ tenant }: Message): boolean => {
    const { senderPerSecond } = setting;
    const bucket = tokens[tenant];
    if (senderPerSecond === undefined || bucket === undefined) return true;
    const refilled = bucket.left + (agenda.now - bucket.at) * senderPerSecond;
    bucket.left = Math.min(senderPerSecond, refilled);
    bucket.at = agenda.now;
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  };

  /** One invocation's work on a message, by the same rules as the worker's. */
  const send = (message: Message): boolean => {
    for (let calls = 0; ; ) {
      calls += 1;
      tries += 1;
      if (isTaken(message)) return true;
      if (calls > setting.sendRetries || !isRetriedNow(throttled)) return false;
    }
  };

  const finish = (batch: readonly Message[]) => {
    working -= 1;
    for (const message of batch) {
      queue.release(message);
      receives += 1;
      if (send(message)) {
        sent += 1;
        waits[message.tenant]?.push(agenda.now - message.postedAt);
      } else {
        const hidden = nextTry(setting.backoff, message.receives - 1, random, undefined);
        agenda.add(agenda.now + hidden, () => queue.put(message));
      }
    }
  };

  const poll = () => {
    const batch = queue.take(setting.batchSize);
    if (batch.length === 0) {
      agenda.add(agenda.now + REST_SECONDS, poll);
      return;
    }
    working += 1;
    mostConcurrent = Math.max(mostConcurrent, working);
    agenda.add(agenda.now + setting.batchSeconds, () => {
      finish(batch);
      poll();
    });
  };
  for (let poller = 0; poller < setting.maximumConcurrency; poller += 1) {
    agenda.add(Math.max(0, poller - FIRST_POLLERS + 1) / MORE_PER_SECOND, poll);
  }

  agenda.run(() => sent === total);
  const from = Math.min(...setting.campaigns.map(({ startsAt }) => startsAt));
  const seconds = agenda.now - from;
  return {
    seconds,
    perSecond: total / seconds,
    tries: tries / total,
    receives: receives / total,
    mostConcurrent,
    waits: waits.map((each) => ({ p50: percentile(each, 0.5), p99: percentile(each, 0.99) })),
  };
}
