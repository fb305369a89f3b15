import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchSecret, secretExists } from '../../../adapters/aws/fetch-secret.ts';
import {
  type SecretsManager,
  startSecretsManager,
} from '../../../local/emulators/secrets-manager.ts';
import { anyone } from '../../support/aws.ts';
import { answerWith } from '../../support/lose-answer.ts';

let store: SecretsManager;
beforeAll(async () => {
  store = await startSecretsManager({ names: async () => [], get: async () => undefined });
});
afterAll(() => store.close());

const fetch = () => fetchSecret(new SecretsManagerClient({ ...anyone, endpoint: store.url }));

describe('fetching a secret', () => {
  it('gives its text', async () => {
    store.put('app/tenant-a', '{"scg_access_token":"for tests"}');
    expect(await fetch()('app/tenant-a')).toBe('{"scg_access_token":"for tests"}');
  });

  it('gives nothing for a name that is not there', async () => {
    expect(await fetch()('app/nobody')).toBeUndefined();
  });

  it('reads one that was stored as bytes', async () => {
    const client = new SecretsManagerClient(anyone);
    answerWith(client, () => ({ SecretBinary: new TextEncoder().encode('{"a":"ü"}') }));
    expect(await fetchSecret(client)('app/tenant-a')).toBe('{"a":"ü"}');
  });
});

describe('asking whether there is a secret', () => {
  const exists = (name: string) =>
    secretExists(new SecretsManagerClient({ ...anyone, endpoint: store.url }))(name);

  it('tells one that is there from one that is not', async () => {
    store.put('app/tenant-a', '{}');
    expect(await exists('app/tenant-a')).toBe(true);
    expect(await exists('app/nobody')).toBe(false);
  });

  it('counts one that is marked for deletion as gone', async () => {
    const client = new SecretsManagerClient(anyone);
    answerWith(client, () => ({ Name: 'app/tenant-a', DeletedDate: new Date(0) }));
    expect(await secretExists(client)('app/tenant-a')).toBe(false);
  });
});
