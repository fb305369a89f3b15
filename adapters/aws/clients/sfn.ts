import { SFNClient } from '@aws-sdk/client-sfn';
import { type ClientTimeouts, clientOptions } from './options.ts';

/** One per cold start. */
export const sfnClient = (timeouts?: ClientTimeouts): SFNClient =>
  new SFNClient(clientOptions(timeouts));
