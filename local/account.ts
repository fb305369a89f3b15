import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { ownEndpoint } from './emulators/emulator.ts';
import { accountId, region } from './template/intrinsics.ts';

/** The account of the endpoints given cannot be known; one sentence. */
export class AccountError extends Error {
  readonly code = 'account-unknown';
}

/** What an SDK client signs with. Any do for most servers that are not AWS. */
export type Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/**
 * The account that ARNs are made with: the emulators' own while they are used; at endpoints of the
 * user's own `AWS_ACCOUNT_ID`, else what STS there answers. Throws AccountError.
 */
export async function accountOf(
  env: Readonly<Record<string, string | undefined>>,
  credentials: Credentials,
): Promise<string> {
  if (!ownEndpoint('SQS', env) && !ownEndpoint('SFN', env)) return accountId;
  const given = env.AWS_ACCOUNT_ID?.trim();
  if (given) {
    if (/^\d{12}$/.test(given)) return given;
    throw new AccountError(`AWS_ACCOUNT_ID must be the 12 digits of an account, not "${given}".`);
  }
  const endpoint = env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL;
  // An endpoint for one service alone says nothing of STS, and servers of one service have this account.
  if (!endpoint) return accountId;
  const sts = new STSClient({ region, credentials, endpoint });
  try {
    const { Account } = await sts.send(new GetCallerIdentityCommand({}));
    if (Account && /^\d{12}$/.test(Account)) return Account;
    throw new Error('its answer names no account');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new AccountError(
      `STS at ${endpoint} does not say which account this is (${why}); set AWS_ACCOUNT_ID to it.`,
      { cause },
    );
  } finally {
    sts.destroy();
  }
}
