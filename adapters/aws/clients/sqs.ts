import { SQSClient } from '@aws-sdk/client-sqs';
import { type ClientTimeouts, clientOptions } from './options.ts';

/** One per cold start. A file of its own, so that a function bundles only the clients that it uses. */
export const sqsClient = (timeouts?: ClientTimeouts): SQSClient =>
  new SQSClient(clientOptions(timeouts));
