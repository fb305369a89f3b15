import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromScgExternalId, toScgExternalId } from '../../providers/scg/reference.ts';
import { fromTwilioStatusQuery, toTwilioStatusCallback } from '../../providers/twilio/reference.ts';

const correlation = fc.record({
  tenantId: fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/),
  guid: fc.stringMatching(/^[A-Za-z0-9._:-]{1,36}$/),
  // The answer to a reply is for a person whom CI360 did not name.
  identityId: fc.stringMatching(/^[^|]{0,36}$/),
  externalCode: fc.string({ unit: 'grapheme' }),
  responseTrackingCode: fc.string({ unit: 'grapheme' }),
});

describe('the correlation', () => {
  it("comes back whole from SCG's external_id, whatever the external code holds", () => {
    fc.assert(
      fc.property(correlation, ({ responseTrackingCode, ...rest }) => {
        expect(fromScgExternalId(toScgExternalId({ ...rest, responseTrackingCode }))).toEqual(rest);
      }),
    );
  });

  it("comes back whole from Twilio's status callback", () => {
    fc.assert(
      fc.property(correlation, (of) => {
        const url = new URL(toTwilioStatusCallback('https://connector.example', of));
        expect(url.pathname).toBe(`/webhooks/twilio/${of.tenantId}/status`);
        expect(fromTwilioStatusQuery(of.tenantId, url.searchParams)).toEqual(of);
      }),
    );
  });

  it('is read from the shorter ids of other connectors', () => {
    expect(fromScgExternalId('i-1|TSK_1')).toEqual({ identityId: 'i-1', externalCode: 'TSK_1' });
    expect(fromScgExternalId('i-1||tenant-a')).toEqual({
      identityId: 'i-1',
      externalCode: '',
      tenantId: 'tenant-a',
    });
  });

  it.each(['', 'i-1', '|TSK_1', '|TSK_1|tenant-a'])('is not in %j', (externalId) => {
    expect(fromScgExternalId(externalId)).toBeUndefined();
  });
});
