import { parentPort, workerData } from 'node:worker_threads';
import * as z from 'zod';
import { monotonicNow } from './monotonic.ts';

/**
 * The inside of one function's execution environment: a thread that loads the handler's source once
 * and then answers invocations. Events and answers cross as JSON, as they do on AWS.
 */
const setUp = z
  .object({
    handlerUrl: z.string(),
    exportName: z.string(),
    functionName: z.string(),
    functionArn: z.string(),
    memoryMegabytes: z.number(),
  })
  .parse(workerData);

const invocationSchema = z.object({
  id: z.string(),
  event: z.string(),
  /** By the clock of `monotonicNow`: a function whose calendar is wrong still has all its time. */
  deadline: z.number(),
});

const handlerSchema = z.custom<(event: unknown, context: unknown) => unknown>(
  (value) => typeof value === 'function',
  `the module exports no function called ${setUp.exportName}`,
);

const loaded = import(setUp.handlerUrl).then((module) =>
  handlerSchema.parse(module[setUp.exportName]),
);
let loadFailed = false;
loaded.catch(() => {
  loadFailed = true;
});

const described = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: error.stack ?? '' }
    : { errorType: 'Error', errorMessage: String(error), trace: '' };

parentPort?.on('message', async (message) => {
  const { id, event, deadline } = invocationSchema.parse(message);
  const context = {
    awsRequestId: id,
    callbackWaitsForEmptyEventLoop: true,
    functionName: setUp.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: setUp.functionArn,
    memoryLimitInMB: String(setUp.memoryMegabytes),
    logGroupName: `/aws/lambda/${setUp.functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.floor(deadline - monotonicNow()),
  };
  try {
    const handler = await loaded;
    const result = await handler(JSON.parse(event), context);
    parentPort?.postMessage({ id, result: JSON.stringify(result ?? null) });
  } catch (error) {
    const { trace, ...failure } = described(error);
    console.error(trace);
    // A thread whose handler did not load is of no more use: the next invocation is a cold start.
    parentPort?.postMessage({ id, failure, exit: loadFailed });
  }
});
