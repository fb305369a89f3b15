/** What the command line talks to: the terminal, the environment, the network and the clock. */
export type Io = {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  /** An id that nobody else has. */
  readonly newId: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** Asks a question on the terminal; undefined where there is none to ask on. Throws `Interrupted`. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /**
   * Has `leave` called when the user ends the command with Ctrl-C, before the process exits. Gives the
   * function that takes it back.
   */
  readonly onInterrupt: (leave: () => void) => () => void;
  /** Where a live progress bar may be drawn; undefined when output is not a terminal. */
  readonly terminal: NodeJS.WriteStream | undefined;
};
