import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchSecret } from '../../../adapters/aws/fetch-secret.ts';
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
