/**
 * What each sender takes: a bucket of one second's segments that fills again evenly. Twilio itself queues what
 * is too much for up to ten hours and refuses the rest (21611); here the queue has room for nothing.
 */
export class SenderLimits {
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** Whether the sender takes so many segments now (ms since 1970). */
  takes(sender: string, segments: number, perSecond: number | undefined, now: number): boolean {
    if (perSecond === undefined) return true;
    const most = Math.max(perSecond, segments);
    const bucket = this.#buckets.get(sender) ?? { left: Math.max(1, perSecond), at: now };
    const left = Math.min(
      Math.max(1, most),
      bucket.left + (Math.max(0, now - bucket.at) / 1000) * perSecond,
    );
    const isTaken = left >= segments;
    this.#buckets.set(sender, { left: isTaken ? left - segments : left, at: now });
    return isTaken;
  }

  forget(): void {
    this.#buckets.clear();
  }
}
