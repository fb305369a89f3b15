/** What to reserve of the shared schedule. Times are in ms since 1970, lengths in ms. */
export type Slot = {
  /** A schedule that is free by then gives the slot that begins at `dueAt` and ends at `endsAt`. */
  readonly freeBy: number;
  readonly dueAt: number;
  readonly endsAt: number;
  /** What a schedule that is busy until later is extended by. */
  readonly lengthMs: number;
  /** When such a slot must begin at the latest. */
  readonly latestAt: number;
  /** A schedule that is busy until after this was written by a wrong clock and counts as free. */
  readonly wrongAfter: number;
};

/**
 * One schedule that everything with the same limit shares, so that together they keep to it: the generic
 * cell rate algorithm with virtual scheduling. It stores no more than until when it is busy.
 */
export type SharedSchedule = {
  /**
   * Reserves a slot and returns when it begins, which may be in the past. Undefined if it would begin after
   * `latestAt`; nothing is reserved then. A lost answer wastes a slot and never gives it twice. Throws
   * `Unavailable`.
   */
  readonly reserve: (slot: Slot) => Promise<number | undefined>;
};
