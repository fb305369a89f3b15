import { expect, it } from 'vitest';
import { airtableSettings } from '../../../adapters/airtable/settings.ts';
import { frontlineSettings } from '../../../domain/agents/settings.ts';
import { tenantSecretSchema, usableSecretSchema } from '../../../domain/tenant/tenant-secret.ts';
import {
  flexEngine,
  interactionsSettings,
  legacySettings,
} from '../../../providers/twilio/agents/settings.ts';

const secret = (keys: object) => tenantSecretSchema.parse(keys);

it('a wrong key of the agents never makes the secret unreadable', () => {
  expect(() =>
    secret({ flex_engine: 7, frontline_pool: { a: 1 }, airtable_token: [] }),
  ).not.toThrow();
});

it('names the key that is missing or wrong, and no value', () => {
  const missing = interactionsSettings(secret({}));
  expect(missing).toEqual({
    ok: false,
    issue:
      "The tenant's secret cannot be used: flex_workspace_sid is missing; flex_workflow_sid is missing.",
  });
  const wrong = legacySettings(secret({ flex_proxy_service_sid: 'sesame' }));
  expect(wrong).toMatchObject({ ok: false });
  expect(JSON.stringify(wrong)).toMatch(/flex_proxy_service_sid is a Twilio id that starts KS/);
  expect(JSON.stringify(wrong)).not.toContain('sesame');
  expect(flexEngine(secret({ flex_engine: 'steam' }))).toMatchObject({ ok: false });
});

it('a tenant without Airtable has none, and half of one is a mistake', () => {
  expect(airtableSettings(secret({}))).toBeUndefined();
  expect(airtableSettings(secret({ airtable_token: 'pat' }))).toMatchObject({
    ok: false,
    issue: "The tenant's secret cannot be used: airtable_base_id is missing.",
  });
});

it('takes a pool as a list or between commas, and a WhatsApp number with or without its prefix', () => {
  for (const frontline_pool of [['kim', 'lee'], 'kim, lee,']) {
    expect(frontlineSettings(secret({ frontline_pool }))).toMatchObject({
      settings: { frontline_pool: ['kim', 'lee'] },
    });
  }
  for (const frontline_whatsapp_number of ['whatsapp:+12025550100', '+12025550100']) {
    expect(frontlineSettings(secret({ frontline_whatsapp_number }))).toMatchObject({
      settings: { frontline_whatsapp_number: '+12025550100' },
    });
  }
});

it('refuses an http:// address on another machine, unless the settings allow it, and no campaign stops', () => {
  const airtable = { airtable_token: 'pat', airtable_base_id: 'appA' };
  const away = { ...airtable, airtable_api_url: 'http://airtable.example' };
  const read = usableSecretSchema('refuse').parse(away);
  expect(airtableSettings(read)).toEqual({
    ok: false,
    issue:
      "The tenant's secret cannot be used: airtable_api_url starts with http://, which only insecure_urls=allow permits.",
  });
  expect(airtableSettings(usableSecretSchema('allow').parse(away))).toMatchObject({ ok: true });
  const here = { ...airtable, airtable_api_url: 'http://127.0.0.1:3001/airtable' };
  expect(airtableSettings(usableSecretSchema('refuse').parse(here))).toMatchObject({ ok: true });
});
