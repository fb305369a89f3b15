import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { orUnavailable } from './or-unavailable.ts';

/** The text of one secret; undefined when there is none of that name. Throws `Unavailable`. */
export type FetchSecret = (name: string) => Promise<string | undefined>;

/** Reads from Secrets Manager. A secret that is marked for deletion counts as gone. */
export const fetchSecret =
  (client: SecretsManagerClient): FetchSecret =>
  (name) =>
    orUnavailable('secrets', async () => {
      try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
        return answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8');
      } catch (error) {
        if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException)
          return undefined;
        throw error;
      }
    });
