import { SFNClient } from '@aws-sdk/client-sfn';
import { clientOptions } from './options.ts';

/** One per cold start. */
export const sfnClient = (): SFNClient => new SFNClient(clientOptions);
