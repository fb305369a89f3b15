import { describe, expect, it } from 'vitest';
import { applyWord, withReport } from '../../../domain/feedback/apply-status.ts';
import { reportOf } from '../../../domain/feedback/status-names.ts';
import { providers } from '../../../providers/registry.ts';
import { aDelivery } from '../../builders/delivery.ts';

const failure = (code: string) => ({ class: 'permanent', code, message: 'x' }) as const;
const undelivered = (code: string) =>
  ({ status: 'undelivered', providerMessageId: 'SM1', failure: failure(code) }) as const;

describe('a status that comes after another', () => {
  it('changes nothing when it is an earlier one', () => {
    const delivery = aDelivery({ status: 'delivered', providerMessageId: 'SM1' });

    expect(applyWord(delivery, { status: 'sent', providerMessageId: 'SM1' })).toBe(delivery);
    expect(applyWord(delivery, undelivered('30003'))).toBe(delivery);
  });

  it('of two reasons keeps the one with the higher code, in either order', () => {
    const first = applyWord(aDelivery({ status: 'sent' }), undelivered('30003'));
    const other = applyWord(aDelivery({ status: 'sent' }), undelivered('30005'));

    expect(applyWord(first, undelivered('30005')).lastError?.code).toBe('30005');
    expect(applyWord(other, undelivered('30003'))).toBe(other);
    expect(applyWord(first, undelivered('30003'))).toBe(first);
  });

  it('gives a reason to a delivery that had none', () => {
    const delivery = aDelivery({ status: 'undelivered' });

    expect(applyWord(delivery, undelivered('30003')).lastError?.code).toBe('30003');
  });

  it('takes a reason from a failure alone', () => {
    const word = { status: 'delivered', providerMessageId: 'SM1', failure: failure('1') } as const;

    expect(applyWord(aDelivery({ status: 'sent' }), word)).not.toHaveProperty('lastError');
  });

  it('names the message where the delivery does not, and never renames it', () => {
    const word = { status: 'delivered', providerMessageId: 'SM1' } as const;

    expect(applyWord(aDelivery(), word).providerMessageId).toBe('SM1');
    expect(applyWord(aDelivery({ providerMessageId: 'SM0' }), word).providerMessageId).toBe('SM0');
  });
});

it('a report that CI360 refused leaves no note, so that it may be claimed again', () => {
  const delivery = aDelivery({ reports: { sent: 'reported', delivered: 5 } });

  expect(withReport(delivery, 'delivered', undefined, 9)).toMatchObject({
    version: 2,
    updatedAt: 9,
    reports: { sent: 'reported' },
  });
  expect(withReport(delivery, 'delivered', undefined, 9).reports).not.toHaveProperty('delivered');
});

describe('the event that reports a status', () => {
  const names = { twilio: { CLICKED: 'tw_click' }, scg: { CLICKTHRU: 'click', READ: 'read' } };

  it('is shared by the three words for a click at SCG', () => {
    const shared = { word: 'CLICKTHRU', eventName: 'click' };

    expect(reportOf(providers.scg.statuses, 'CLICKED', names.scg)).toEqual(shared);
    expect(reportOf(providers.scg.statuses, 'CONVERTED', names.scg)).toEqual(shared);
  });

  it('is its own where it has one, and none where it has none', () => {
    const apart = { ...names, scg: { ...names.scg, CONVERTED: 'convert' } };

    expect(reportOf(providers.scg.statuses, 'CONVERTED', apart.scg)).toEqual({
      word: 'CONVERTED',
      eventName: 'convert',
    });
    expect(reportOf(providers.scg.statuses, 'READ', names.scg)).toEqual({
      word: 'READ',
      eventName: 'read',
    });
    expect(reportOf(providers.scg.statuses, 'SENT', names.scg)).toBeUndefined();
    expect(reportOf(providers.twilio.statuses, 'CONVERTED', names.twilio)).toBeUndefined();
  });
});
