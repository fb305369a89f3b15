export type Message = {
  readonly tenant: number;
  readonly postedAt: number;
  /** How often it has been given out. */
  receives: number;
};

/**
 * When SQS takes a tenant for a noisy neighbour: more than this share of what is being worked on, and
 * so many messages at least.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
const NOISY_SHARE = 0.1;
const NOISY_LEAST = 30;

/** A first-in first-out list that is fast at both ends. */
class Line {
  #messages: Message[] = [];
  #head = 0;

  get first(): Message | undefined {
    return this.#messages[this.#head];
  }
  push(message: Message): void {
    this.#messages.push(message);
  }
  shift(): Message | undefined {
    const message = this.#messages[this.#head];
    if (message !== undefined) this.#head += 1;
    if (this.#head > 10_000) {
      this.#messages = this.#messages.slice(this.#head);
      this.#head = 0;
    }
    return message;
  }
}

/** A standard queue: the oldest first; with `isFair`, those of quiet tenants before those of noisy ones. */
export class Queue {
  readonly #lines = new Map<number, Line>();
  readonly #inFlight = new Map<number, number>();
  readonly #isFair: boolean;
  #allInFlight = 0;

  constructor(isFair: boolean) {
    this.#isFair = isFair;
  }

  put(message: Message): void {
    const line = this.#lines.get(message.tenant) ?? new Line();
    this.#lines.set(message.tenant, line);
    line.push(message);
  }

  /** Gives out up to so many. */
  take(most: number): Message[] {
    const taken: Message[] = [];
    while (taken.length < most) {
      const message = this.#next()?.shift();
      if (message === undefined) break;
      message.receives += 1;
      this.#count(message.tenant, 1);
      taken.push(message);
    }
    return taken;
  }

  /** It is no longer being worked on: deleted, or back on the queue later. */
  release(message: Message): void {
    this.#count(message.tenant, -1);
  }

  #count(tenant: number, by: number): void {
    this.#inFlight.set(tenant, (this.#inFlight.get(tenant) ?? 0) + by);
    this.#allInFlight += by;
  }

  #isNoisy(tenant: number): boolean {
    const own = this.#inFlight.get(tenant) ?? 0;
    return this.#isFair && own >= NOISY_LEAST && own > NOISY_SHARE * this.#allInFlight;
  }

  /** The line of the oldest message among quiet tenants, or among all when none is quiet. */
  #next(): Line | undefined {
    const waiting = [...this.#lines].filter(([, line]) => line.first !== undefined);
    const quiet = waiting.filter(([tenant]) => !this.#isNoisy(tenant));
    const lines = (quiet.length > 0 ? quiet : waiting).map(([, line]) => line);
    return lines.reduce<Line | undefined>(
      (oldest, line) =>
        oldest === undefined || (line.first?.postedAt ?? 0) < (oldest.first?.postedAt ?? 0)
          ? line
          : oldest,
      undefined,
    );
  }
}
