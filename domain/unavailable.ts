/**
 * A part that we depend on (queue, table, secret store) cannot answer now. Nothing was decided: the
 * caller answers 503, or leaves the record on its queue.
 */
export class Unavailable extends Error {
  readonly code = 'unavailable';
  /** Which part, in a word: `outbound-queue`, `deliveries`, `secrets`, … */
  readonly dependency: string;
  constructor(dependency: string, options?: ErrorOptions) {
    super(`${dependency} is not available`, options);
    this.dependency = dependency;
  }
}
