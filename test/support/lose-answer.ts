/** The part of an SDK client's middleware stack that is used here; each client types its own. */
type Next = (args: unknown) => Promise<unknown>;
type Client = {
  readonly middlewareStack: {
    // biome-ignore lint/suspicious/noExplicitAny: the SDK types every client's middleware by its own commands
    readonly add: (middleware: any, options: any) => void;
  };
};

/** What the SDK sees when a connection breaks after the request was written. */
const connectionLost = () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });

/** The answer to the next request is lost, a refusal too: the service has done its work, the SDK tries again. */
export function loseFirstAnswer(client: Client): void {
  let lost = false;
  client.middlewareStack.add(
    (next: Next) => async (args: unknown) => {
      if (lost) return next(args);
      lost = true;
      await next(args).catch(() => {});
      throw connectionLost();
    },
    { step: 'finalizeRequest', priority: 'low', name: 'loseFirstAnswer' },
  );
}

/** Replaces answers: what `answer` gives for a command's input is returned, without a request being made. */
export function answerWith(client: Client, answer: (input: unknown) => unknown): void {
  client.middlewareStack.add(
    () => async (args: { input: unknown }) => ({ output: answer(args.input), response: {} }),
    { step: 'initialize', priority: 'low', name: 'answerWith' },
  );
}
