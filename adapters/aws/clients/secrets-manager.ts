import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from './options.ts';

/** One per cold start. */
export const secretsManagerClient = (): SecretsManagerClient =>
  new SecretsManagerClient(clientOptions);
