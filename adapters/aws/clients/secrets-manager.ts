import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type ClientTimeouts, clientOptions } from './options.ts';

/** One per cold start. */
export const secretsManagerClient = (timeouts?: ClientTimeouts): SecretsManagerClient =>
  new SecretsManagerClient(clientOptions(timeouts));
