import { describe, expect, it } from 'vitest';
import { senderFromSettings } from '../../../domain/outbound/sender.ts';
import { readConfig } from '../../../handlers/runtime/config.ts';
import { senderSettings } from '../../../handlers/runtime/sender-settings.ts';
import { anEnvironment } from '../../builders/config.ts';

const settingsFor = (env: Readonly<Record<string, string>>) =>
  senderSettings(readConfig('ingress', anEnvironment(env)));

describe('the settings of senders', () => {
  it('give a sender as it is sent, however it is written', () => {
    const settings = settingsFor({ default_sender: '(202) 555-0100', default_country: 'US' });
    const request = { to: '+12025550123', provider: 'twilio', channel: 'SMS' } as const;
    expect(senderFromSettings(request, settings)?.from).toBe('+12025550100');
  });

  it.each([
    ['default_sender', 'sender_id:main', 'is a sender of scg, not of twilio'],
    ['scg_default_sender', `MG${'0'.repeat(32)}`, 'is a Messaging Service of twilio'],
    ['scg_demo_senders', `{"1":"MG${'0'.repeat(32)}"}`, 'is a Messaging Service of twilio'],
  ])('stop the start where %s is one of another provider', (setting, value, issue) => {
    expect(() => settingsFor({ [setting]: value })).toThrow(`${setting}: ${issue}`);
  });

  it('do without a country', () => {
    expect(settingsFor({}).defaultCountry).toBeUndefined();
  });

  it('stop the start where the country has no numbers', () => {
    expect(() => settingsFor({ default_country: 'XX' })).toThrow(/^default_country: is not/);
  });

  it('stop the start where numbers are to be national and no country is named', () => {
    const national = { numbers_without_plus: 'national' };
    expect(() => settingsFor(national)).toThrow(/^numbers_without_plus: national needs default_/);
    expect(settingsFor({ ...national, default_country: 'US' })).toMatchObject(national);
  });
});
