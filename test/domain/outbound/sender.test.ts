import { describe, expect, it } from 'vitest';
import type { Channel } from '../../../domain/outbound/channel.ts';
import { senderFromSettings, senderOf } from '../../../domain/outbound/sender.ts';
import type { ProviderId } from '../../../domain/provider-id.ts';
import { senderSettings } from '../../builders/sender-settings.ts';

const settings = senderSettings({
  default_sender: '+12025550100',
  scg_default_sender: 'sender_id:default',
  scg_demo_senders: {
    '1': 'channel:us',
    '+1242': 'channel:bs',
    '44': 'channel:gb',
    '': 'channel:any',
  },
});
const scg = (to: string, from = '') =>
  senderOf({ from, to, provider: 'scg', channel: 'SMS' }, settings);
const named = (from: string, fromSource: string) => ({ ok: true, sender: { from, fromSource } });

describe('the sender', () => {
  it('is the one in the creative before any other', () => {
    expect(scg('+12025550123', 'MySender')).toEqual(named('MySender', 'creative'));
  });

  it('is then that of the longest country prefix', () => {
    expect(scg('+12025550123')).toEqual(named('channel:us', 'demo'));
    expect(scg('+12425550123')).toEqual(named('channel:bs', 'demo'));
    expect(scg('+447700900123')).toEqual(named('channel:gb', 'demo'));
  });

  it('is the default for other countries, and for what is no number', () => {
    expect(scg('+4915123456789')).toEqual(named('sender_id:default', 'default'));
    expect(scg('1@2')).toEqual(named('sender_id:default', 'default'));
  });

  it('is by country for SMS and MMS only', () => {
    const on = (channel: Channel) =>
      senderOf({ from: '', to: '+12025550123', provider: 'scg', channel }, settings);
    for (const channel of ['SMS', 'MMS'] as const) {
      expect(on(channel)).toEqual(named('channel:us', 'demo'));
    }
    for (const channel of ['WHATSAPP', 'RCS', 'WECHAT', 'FACEBOOK'] as const) {
      expect(on(channel)).toEqual(named('sender_id:default', 'default'));
    }
  });

  it('is never one of SCG for Twilio', () => {
    const given = { from: '', to: '+12025550123', provider: 'twilio', channel: 'SMS' } as const;
    expect(senderOf(given, settings)).toEqual(named('+12025550100', 'default'));
  });

  it.each<ProviderId>(['twilio', 'scg'])('is nobody when none is configured for %s', (provider) => {
    const given = { from: '', to: '+12025550123', provider, channel: 'SMS' } as const;
    expect(senderOf(given, senderSettings())).toEqual({
      ok: false,
      issue: `is missing, and ${provider} has no default sender`,
    });
    expect(senderFromSettings(given, senderSettings())).toBeUndefined();
  });

  it('is read like an address, wherever it comes from', () => {
    const national = senderSettings({
      default_sender: '(202) 555-0100',
      scg_default_sender: '202-555-0101',
      scg_demo_senders: { '44': '202.555.0102' },
      defaultCountry: 'US',
    });
    const from = (provider: ProviderId, to: string, inCreative = '') =>
      senderOf({ from: inCreative, to, provider, channel: 'SMS' }, national);
    expect(from('twilio', '+12025550123')).toEqual(named('+12025550100', 'default'));
    expect(from('scg', '+12025550123')).toEqual(named('+12025550101', 'default'));
    expect(from('scg', '+447700900123')).toEqual(named('+12025550102', 'demo'));
    expect(from('twilio', '+12025550123', '2025550103')).toEqual(named('+12025550103', 'creative'));
  });
});

describe('the sender that the settings give a request', () => {
  const request = { to: '+12025550123', provider: 'twilio' } as const;

  it('is the one that a new event would get, not the one in the creative', () => {
    const national = senderSettings({
      default_sender: '(202) 555-0100',
      scg_demo_senders: {},
      defaultCountry: 'US',
    });
    expect(senderFromSettings({ ...request, channel: 'SMS' }, national)).toEqual({
      from: '+12025550100',
      fromSource: 'default',
    });
  });

  it('is none where its channel cannot use the one that is set', () => {
    const whatsApp = senderSettings({ default_sender: 'whatsapp:+12025550100' });
    expect(senderFromSettings({ ...request, channel: 'WHATSAPP' }, whatsApp)?.from).toBe(
      '+12025550100',
    );
    expect(senderFromSettings({ ...request, channel: 'SMS' }, whatsApp)).toBeUndefined();
  });
});
