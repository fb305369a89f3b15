/** Exit codes, for scripts. */
export const exitCodes = {
  ok: 0,
  /**
   * A replay that ended with something left: failed again, still on its way, or not run to its end. What
   * it skipped does not count.
   */
  leftOver: 1,
  /** `creative check` found errors. */
  creativeErrors: 1,
  /** A flag, a value or a selection that the service refuses. */
  usage: 2,
  notFound: 3,
  /** No key, a wrong one, or one that may not act for the tenant. */
  key: 4,
  /** Nothing answers at the URL, or the service cannot work now. */
  unavailable: 5,
  /** The replay is in a state in which that cannot be done. */
  conflict: 6,
  /** Ended with Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends the command with a sentence for the user. */
export class CliError extends Error {
  readonly exitCode: ExitCode;
  /** What the service found wrong, field by field. */
  readonly details: readonly { readonly field: string; readonly issue: string }[];
  constructor(exitCode: ExitCode, message: string, details: CliError['details'] = []) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}

/** The user pressed Ctrl-C: there is nothing to say about it. */
export class Interrupted extends Error {}
