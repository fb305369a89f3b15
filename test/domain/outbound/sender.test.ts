import { describe, expect, it } from 'vitest';
import { chooseSender } from '../../../domain/outbound/sender.ts';

const settings = {
  default_sender: '+12025550100',
  scg_default_sender: 'sender_id:default',
  scg_demo_senders: {
    '1': 'channel:us',
    '+1242': 'channel:bs',
    '44': 'channel:gb',
    '': 'channel:any',
  },
};
const scg = (to: string, from = '') => chooseSender({ from, to, provider: 'scg' }, settings);

describe('the sender', () => {
  it('is the one in the creative before any other', () => {
    expect(scg('+12025550123', 'MySender')).toEqual({ from: 'MySender', fromSource: 'creative' });
  });

  it('is then that of the longest country prefix', () => {
    expect(scg('+12025550123')).toEqual({ from: 'channel:us', fromSource: 'demo' });
    expect(scg('+12425550123')).toEqual({ from: 'channel:bs', fromSource: 'demo' });
    expect(scg('+447700900123')).toEqual({ from: 'channel:gb', fromSource: 'demo' });
  });

  it('is the default for other countries, and for what is no number', () => {
    expect(scg('+4915123456789')).toEqual({ from: 'sender_id:default', fromSource: 'default' });
    expect(scg('fb:1@2')).toEqual({ from: 'sender_id:default', fromSource: 'default' });
  });

  it('is never one of SCG for Twilio', () => {
    expect(chooseSender({ from: '', to: '+12025550123', provider: 'twilio' }, settings)).toEqual({
      from: '+12025550100',
      fromSource: 'default',
    });
  });

  it('is nobody when none is configured', () => {
    const none = { scg_demo_senders: {} };
    for (const provider of ['twilio', 'scg'] as const) {
      expect(chooseSender({ from: '', to: '+12025550123', provider }, none)).toBeUndefined();
    }
  });
});
