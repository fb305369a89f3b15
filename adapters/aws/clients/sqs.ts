import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from './options.ts';

/** One per cold start. A file of its own, so that a function bundles only the clients that it uses. */
export const sqsClient = (): SQSClient => new SQSClient(clientOptions);
