import { randomUUID } from 'node:crypto';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import { hostFunction } from '../../local/runner/function-host.ts';
import { type Stack, serviceDir } from '../../local/stack.ts';
import { people, sender, tenantId } from '../calls/post-events.ts';
import { median } from '../measure/percentile.ts';

export type Speed = { readonly perSecond: number; readonly batchMs: number };

/** One execution environment of the worker, which like Lambda's works on one batch at a time. */
export type WorkerInstance = {
  /** Works on batches of this size, one after another, for a second and twice at least. */
  readonly run: (batchSize: number) => Promise<Speed>;
  readonly close: () => Promise<void>;
};

const LEAST_MS = 1000;
const LEAST_BATCHES = 2;

export function startWorkerInstance(stack: Stack, recordsAtOnce: number): WorkerInstance {
  const host = hostFunction(
    {
      key: 'worker',
      name: 'worker',
      arn: 'worker',
      handler: { file: 'handlers/worker', export: 'handler' },
      timeoutSeconds: 300,
      memoryMegabytes: 512,
      environment: {},
    },
    {
      serviceDir,
      logsDir: stack.logsDir,
      environment: Promise.resolve({
        ...stack.settings,
        ...stack.awsEnv,
        worker_concurrency: String(recordsAtOnce),
      }),
    },
  );
  return {
    run: async (batchSize) => {
      const batches: number[] = [];
      const from = performance.now();
      while (batches.length < LEAST_BATCHES || performance.now() - from < LEAST_MS) {
        const begun = performance.now();
        await host.invoke({ Records: people(batchSize).map(record) });
        batches.push(performance.now() - begun);
      }
      const seconds = (performance.now() - from) / 1000;
      return {
        perSecond: (batches.length * batchSize) / seconds,
        batchMs: median(batches),
      };
    },
    close: host.close,
  };
}

const record = (to: string) => ({
  messageId: randomUUID(),
  receiptHandle: 'none: what is sent is not hidden again',
  body: JSON.stringify(messageTo(to)),
  attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:outbound',
  awsRegion: 'us-east-1',
});

const messageTo = (to: string): MessageRequest => ({
  v: 1,
  guid: randomUUID(),
  tenantId,
  provider: 'twilio',
  channel: 'SMS',
  to,
  from: sender,
  fromSource: 'creative',
  body: 'Your seats are booked: row 7; seats 12 and 13. Reply HELP for help; STOP to end.',
  mediaUrls: [],
  identityId: randomUUID(),
  externalCode: 'TSK_100',
  responseTrackingCode: randomUUID(),
  taskId: randomUUID(),
  eventName: 'SummerFestival',
  generatedAt: Date.now(),
  acceptedAt: Date.now(),
});
