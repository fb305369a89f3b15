/** Executions of one state machine; `Step` is what each is started with. Throws `Unavailable`. */
export type Executions<Step extends object> = {
  /** Starts one; starting it again under the same name and step starts nothing. */
  readonly start: (name: string, step: Step) => Promise<void>;
  /** False once it has ended in any way, or never was. */
  readonly isRunning: (name: string) => Promise<boolean>;
};
