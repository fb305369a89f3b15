import { describe, expect, it } from 'vitest';
import { tenantSecretSchema } from '../../../domain/tenant/tenant-secret.ts';

describe('a key of a tenant’s secret', () => {
  it.each(['', '   ', null])('that holds %j counts as not set, whichever it is', (blank) => {
    for (const key of Object.keys(tenantSecretSchema.shape)) {
      const read = tenantSecretSchema.safeParse({ [key]: blank });
      expect(read.error?.issues, key).toBeUndefined();
      expect(Reflect.get(read.data ?? {}, key), key).toBeUndefined();
    }
  });

  it('is read without the white space that came with it from a paste', () => {
    const secret = tenantSecretSchema.parse({
      twilio_auth_token: ' token\n',
      ci360_api_url: ' https://gateway.example/marketingGateway/events ',
    });
    expect(secret).toMatchObject({
      twilio_auth_token: 'token',
      ci360_api_url: 'https://gateway.example/marketingGateway/events',
    });
  });

  it('that holds something else than text is still refused by name', () => {
    expect(tenantSecretSchema.safeParse({ twilio_auth_token: 7 }).error?.issues).toMatchObject([
      { path: ['twilio_auth_token'] },
    ]);
    expect(tenantSecretSchema.safeParse({ scg_api_url: 'nowhere' }).error?.issues).toMatchObject([
      { path: ['scg_api_url'] },
    ]);
  });
});
