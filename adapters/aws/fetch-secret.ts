import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { orUnavailable } from './or-unavailable.ts';

/** The text of one secret; undefined when there is none of that name. Throws `Unavailable`. */
export type FetchSecret = (name: string) => Promise<string | undefined>;

/** What the call gives, or undefined when there is no such secret. One that is marked for deletion counts as gone. */
const unlessGone = <T>(call: () => Promise<T>): Promise<T | undefined> =>
  orUnavailable('secrets', async () => {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ResourceNotFoundException || error instanceof InvalidRequestException)
        return undefined;
      throw error;
    }
  });

/** Reads from Secrets Manager. */
export const fetchSecret =
  (client: SecretsManagerClient): FetchSecret =>
  (name) =>
    unlessGone(async () => {
      const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
      return answer.SecretString ?? Buffer.from(answer.SecretBinary ?? []).toString('utf8');
    });

/** Whether Secrets Manager has a secret of this name, asked without permission to read it. Throws `Unavailable`. */
export const secretExists = (client: SecretsManagerClient) => async (name: string) => {
  const found = await unlessGone(() => client.send(new DescribeSecretCommand({ SecretId: name })));
  return found !== undefined && found.DeletedDate === undefined;
};
