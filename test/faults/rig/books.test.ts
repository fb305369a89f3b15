import { describe, expect, it } from 'vitest';
import { balance, type Evidence, wrongIn } from './books.ts';

const evidence = (overrides: Partial<Evidence>): Evidence => ({
  accepted: new Set(['tenant-a#1']),
  deliveries: [{ delivery_id: 'tenant-a#1', status: 'sent' }],
  failedRequests: [],
  atProvider: ['tenant-a#1'],
  left: 0,
  ...overrides,
});
const failedRow = (errorClass: string, status = 'failed') => ({
  guid: '1',
  tenant_id: 'tenant-a',
  kind: 'message',
  status,
  error_class: errorClass,
  error_code: 'any',
});
const wrong = (overrides: Partial<Evidence>) => wrongIn(balance(evidence(overrides)));

describe('the books of a scenario', () => {
  it('balance when what was accepted is at the provider and recorded so', () => {
    expect(wrong({})).toEqual([]);
  });

  it('balance when it is kept as failed and at no provider', () => {
    const failed = [{ delivery_id: 'tenant-a#1', status: 'failed' }];
    expect(
      wrong({ deliveries: failed, failedRequests: [failedRow('permanent')], atProvider: [] }),
    ).toEqual([]);
  });

  it('show a loss: no delivery and no failed request', () => {
    expect(wrong({ deliveries: [], atProvider: [] })).toEqual(['1 lost']);
  });

  it('show a loss: failed, and kept nowhere', () => {
    const failed = [{ delivery_id: 'tenant-a#1', status: 'failed' }];
    expect(wrong({ deliveries: failed, atProvider: [] })).toEqual(['1 lost']);
  });

  it('show a loss: recorded as sent, and at no provider', () => {
    expect(wrong({ atProvider: [] })).toEqual(['1 lost']);
  });

  it('show a message that was sent twice', () => {
    expect(wrong({ atProvider: ['tenant-a#1', 'tenant-a#1'] })).toEqual(['1 duplicated']);
  });

  it('show what is still on a queue', () => {
    expect(wrong({ deliveries: [], atProvider: [], left: 1 })).toEqual([
      '1 without an outcome when patience ended',
    ]);
  });

  it('show a failed request of a message that the provider has', () => {
    const failed = [{ delivery_id: 'tenant-a#1', status: 'failed' }];
    expect(wrong({ deliveries: failed, failedRequests: [failedRow('permanent')] })).toEqual([
      '1 recorded as what they are not',
    ]);
    expect(wrong({ deliveries: failed, failedRequests: [failedRow('unknown')] })).toEqual([]);
  });

  it('show a sent message that operators are still asked to replay', () => {
    expect(wrong({ failedRequests: [failedRow('transient')] })).toEqual([
      '1 recorded as what they are not',
    ]);
    expect(wrong({ failedRequests: [failedRow('transient', 'resolved')] })).toEqual([]);
  });
});
