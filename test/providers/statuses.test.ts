import { describe, expect, it } from 'vitest';
import { statusOf } from '../../domain/feedback/status-names.ts';
import { readConfig } from '../../handlers/runtime/config.ts';
import { statusEvents } from '../../handlers/runtime/status-events.ts';
import { providers } from '../../providers/registry.ts';
import { anEnvironment } from '../builders/config.ts';

/** What the providers' references list for messages to people, and SCG for whole requests. */
const documented = {
  twilio: [
    ...['queued', 'sending', 'sent', 'failed', 'delivered', 'undelivered', 'accepted'],
    ...['scheduled', 'read', 'partially_delivered', 'canceled'],
  ],
  scg: [
    ...['SUBMITTED', 'ACCEPTED', 'REJECTED', 'PREPARING', 'TRANSMITTING', 'COMPLETED', 'PAUSED'],
    ...['CANCELED', 'CREATED', 'QUEUED', 'SENT', 'DELIVERED', 'READ', 'CONVERTED', 'FAILED'],
    ...['EXPIRED', 'SCHEDULED', 'TEST', 'DELETED', 'CLICKED', 'CLICKTHRU'],
  ],
} as const;

describe.each(['twilio', 'scg'] as const)('every status that %s documents', (provider) => {
  it.each(documented[provider])('is known, and can be given an event: %s', (word) => {
    expect(statusOf(providers[provider].statuses, word)).toBeDefined();
    const setting = `${provider}_response_event_${word}`;
    const config = readConfig('ci360-injector', anEnvironment({ [setting]: 'an_event' }));
    expect(statusEvents(config)[provider]).toEqual({ [word]: 'an_event' });
  });
});

it('a rejected request of SCG’s ends as undelivered, which is final', () => {
  expect(statusOf(providers.scg.statuses, 'REJECTED')).toBe('undelivered');
});
