import { createHash, timingSafeEqual } from 'node:crypto';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { localKeys } from '../local/secrets.ts';

/**
 * What this service is held against: a connector that calls the provider inside CI360's request. It
 * does what the first connectors did, on one function: read the creative, send, answer 200 or 500.
 */
const eventSchema = z.looseObject({
  externalTenantId: z.string(),
  impression: z.looseObject({ creativeContent: z.string() }),
});
const secretSchema = z.object({
  twilio_api_url: z.string(),
  twilio_account_sid: z.string(),
  twilio_auth_token: z.string(),
});

/** Ms after which the provider is given up. */
const TIMEOUT = 10_000;

const secretsManager = new SecretsManagerClient({});
const secrets = new Map<string, Promise<z.infer<typeof secretSchema>>>();

async function fetchSecret(tenantId: string) {
  const SecretId = `${process.env.sm_secret_id_prefix}${tenantId}`;
  const { SecretString = '' } = await secretsManager.send(new GetSecretValueCommand({ SecretId }));
  return secretSchema.parse(JSON.parse(SecretString));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
const expectedKey = digest(localKeys.connector);

export async function handler(event: APIGatewayProxyEventV2) {
  if (!timingSafeEqual(digest(event.headers['x-api-key'] ?? ''), expectedKey)) {
    return { statusCode: 401, body: 'ERROR' };
  }
  try {
    const { externalTenantId, impression } = eventSchema.parse(JSON.parse(event.body ?? ''));
    const secret = secrets.get(externalTenantId) ?? fetchSecret(externalTenantId);
    secrets.set(externalTenantId, secret);
    const sent = await send(impression.creativeContent, await secret);
    return { statusCode: sent ? 200 : 500, body: sent ? 'OK' : 'ERROR' };
  } catch {
    return { statusCode: 500, body: 'ERROR' };
  }
}

async function send(creative: string, secret: z.infer<typeof secretSchema>): Promise<boolean> {
  const parts = creative.split(';');
  const fields = new Map(
    parts.slice(0, -1).map((part) => {
      const colon = part.indexOf(':');
      return [part.slice(0, colon), part.slice(colon + 1)];
    }),
  );
  const { twilio_api_url: url, twilio_account_sid: sid, twilio_auth_token: token } = secret;
  const answer = await fetch(`${url}/2010-04-01/Accounts/${sid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${sid}:${token}`).toString('base64')}` },
    body: new URLSearchParams({
      To: fields.get('TO') ?? '',
      From: fields.get('FROM') ?? '',
      Body: parts.at(-1) ?? '',
    }),
    signal: AbortSignal.timeout(TIMEOUT),
  });
  await answer.text();
  return answer.ok;
}
