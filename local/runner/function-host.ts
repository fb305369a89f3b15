import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import type { FunctionResource } from '../template/resources.ts';
import { monotonicNow } from './monotonic.ts';

/** How an invocation ended without an answer, as Lambda reports it to its callers. */
export class InvocationFailed extends Error {
  readonly code = 'invocation-failed';
  /** The error's name, or `Runtime.ExitError` (the thread ended), `Sandbox.Timedout` (it took too long). */
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

/** One function: its own thread, environment and log file, from first use to its end. */
export type FunctionHost = {
  /** Answers with what the handler returned, after a round through JSON. Throws InvocationFailed. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Ends the thread at once, with whatever it is doing; the next invocation is a cold start. */
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
};

type Pending = {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: InvocationFailed) => void;
  readonly timer: NodeJS.Timeout;
};

const answerSchema = z.union([
  z.object({ id: z.string(), result: z.string() }),
  z.object({
    id: z.string(),
    failure: z.object({ errorType: z.string(), errorMessage: z.string() }),
    exit: z.boolean(),
  }),
]);

/**
 * Hosts a function in one thread that works on many invocations at once, where AWS has an
 * environment for each: what handlers may keep between invocations is the same, and a crash or time-out
 * here takes the concurrent invocations with it, which is harsher than AWS, never milder.
 */
export function hostFunction(
  resource: FunctionResource,
  options: {
    readonly serviceDir: string;
    readonly logsDir: string;
    /** A module that the thread loads before anything else. */
    readonly preload?: URL | undefined;
    /** Settings and endpoints, once they are known; they win over the template's. */
    readonly environment: Promise<Readonly<Record<string, string>>>;
  },
): FunctionHost {
  mkdirSync(options.logsDir, { recursive: true });
  const log = openLog(join(options.logsDir, `${resource.key}.log`));
  const lambdaEnv = {
    AWS_LAMBDA_FUNCTION_NAME: resource.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(resource.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    // Into the SDK's user agent, so that the emulators see who calls.
    AWS_SDK_UA_APP_ID: resource.key,
    TZ: ':UTC',
  };
  let current: { worker: Worker; pending: Map<string, Pending> } | undefined;

  function start(given: Readonly<Record<string, string>>) {
    const worker = new Worker(new URL('./function-thread.ts', import.meta.url), {
      env: { ...resource.environment, ...given, ...lambdaEnv },
      // Not the launching process's own flags: a test runner's would load the test runner.
      execArgv: options.preload ? ['--import', options.preload.href] : [],
      stdout: true,
      stderr: true,
      workerData: {
        handlerUrl: pathToFileURL(join(options.serviceDir, `${resource.handler.file}.ts`)).href,
        exportName: resource.handler.export,
        functionName: resource.name,
        functionArn: resource.arn,
        memoryMegabytes: resource.memoryMegabytes,
      },
    });
    const pending = new Map<string, Pending>();
    const started = { worker, pending };
    worker.stdout.pipe(log, { end: false });
    worker.stderr.pipe(log, { end: false });
    worker.on('message', (message) => {
      const answer = answerSchema.parse(message);
      const waiting = take(pending, answer.id);
      if ('result' in answer) waiting?.resolve(JSON.parse(answer.result));
      else {
        const { errorType, errorMessage } = answer.failure;
        waiting?.reject(new InvocationFailed(errorType, errorMessage));
        if (answer.exit) {
          if (current === started) current = undefined;
          void worker.terminate();
        }
      }
    });
    worker.on('error', (error) => log.write(`${error.stack ?? error.message}\n`));
    worker.on('exit', () => {
      if (current === started) current = undefined;
      for (const id of [...pending.keys()]) {
        take(pending, id)?.reject(
          new InvocationFailed('Runtime.ExitError', `${resource.key} exited`),
        );
      }
    });
    return started;
  }

  async function invoke(event: unknown): Promise<unknown> {
    const given = await options.environment;
    current ??= start(given);
    const { worker, pending } = current;
    const id = randomUUID();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        take(pending, id)?.reject(
          new InvocationFailed(
            'Sandbox.Timedout',
            `${resource.key} timed out after ${resource.timeoutSeconds} s`,
          ),
        );
        void kill();
      }, resource.timeoutSeconds * 1000);
      pending.set(id, { resolve, reject, timer });
      worker.postMessage({
        id,
        event: JSON.stringify(event),
        deadline: monotonicNow() + resource.timeoutSeconds * 1000,
      });
    });
  }

  async function kill(): Promise<void> {
    const ended = current;
    current = undefined;
    await ended?.worker.terminate();
  }

  return {
    invoke,
    kill,
    close: async () => {
      await kill();
      await new Promise<void>((resolve) => log.end(() => resolve()));
    },
  };
}

const MAX_LOG_BYTES = 20 * 1024 * 1024;

/** Appends to the logs of earlier runs, until there is more of them than anybody reads. */
function openLog(file: string): WriteStream {
  const isLong = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES;
  return createWriteStream(file, { flags: isLong ? 'w' : 'a' });
}

function take(pending: Map<string, Pending>, id: string): Pending | undefined {
  const waiting = pending.get(id);
  pending.delete(id);
  clearTimeout(waiting?.timer);
  return waiting;
}
