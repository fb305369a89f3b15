import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../domain/outbound/event.ts';
import { toTwilioStatusCallback } from '../../../providers/twilio/reference.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { anOutboundEvent, type EventOverrides } from '../../builders/outbound-event.ts';

const readOf = (overrides: EventOverrides) => readEvent(anOutboundEvent(overrides));

describe('an outbound event', () => {
  it('gives what a message needs', () => {
    expect(readEvent(anOutboundEvent())).toEqual({
      kind: 'event',
      event: {
        guid: '3f1c2f6e-8a55-4c1b-9d3f-000000000001',
        tenantId: 'tenant-a',
        identityId: '0f7d9b5c-3a1e-4a57-8f0e-000000000001',
        generatedAt: BUILT_AT - 2_000,
        creative: 'TO:+12025550123;FROM:+12025550100;Hello from the spring sale',
        isControlGroup: false,
        eventName: 'Spring sale send',
        externalCode: 'TSK_202',
        responseTrackingCode: 'rtc-1',
        taskId: 'task-1',
      },
    });
  });

  it('needs no more than six fields', () => {
    const bare = {
      guid: 'g-1',
      eventType: 'outboundSystem',
      externalTenantId: 'tenant-a',
      identityId: 'i-1',
      date: { generatedTimestamp: BUILT_AT },
      impression: { creativeContent: 'TO:+12025550123;Hi' },
    };
    expect(readEvent(bare)).toMatchObject({
      kind: 'event',
      event: { externalCode: '', responseTrackingCode: '', taskId: '', eventName: '' },
    });
  });

  it('lists every missing field at once, whichever part of its path is missing', () => {
    const issue = 'is missing';
    expect(readEvent({})).toEqual({
      kind: 'invalid',
      issues: [
        { field: 'eventType', issue },
        { field: 'guid', issue },
        { field: 'externalTenantId', issue },
        { field: 'identityId', issue },
        { field: 'date.generatedTimestamp', issue },
        { field: 'impression.creativeContent', issue },
      ],
    });
    expect(readEvent({ eventType: 'outboundSystem', date: null, impression: 'no' })).toMatchObject({
      issues: [{}, {}, {}, {}, {}],
    });
  });

  it.each([null, '', '  ', undefined])('takes %j as missing', (nothing) => {
    const reading = readOf({
      guid: nothing,
      tenantId: nothing,
      identityId: nothing,
      generatedTimestamp: nothing,
      creative: nothing,
    });
    const issue = 'is missing';
    expect(reading).toMatchObject({
      kind: 'invalid',
      issues: [{ issue }, { issue }, { issue }, { issue }, { issue }],
    });
  });

  it('accepts numbers as text and text as numbers', () => {
    expect(
      readOf({
        generatedTimestamp: String(BUILT_AT),
        identityId: 4711,
        properties: { externalCode: 202 },
        responseTrackingCode: null,
        isControlGroup: 'true',
      }),
    ).toMatchObject({
      event: {
        generatedAt: BUILT_AT,
        identityId: '4711',
        externalCode: '202',
        responseTrackingCode: '',
        isControlGroup: true,
      },
    });
  });

  it.each([
    ['impression.taskId', { taskId: 'x'.repeat(215_000) }],
    ['properties.externalCode', { properties: { externalCode: 'x'.repeat(257) } }],
    ['contactResponse.responseTrackingCode', { responseTrackingCode: 'x'.repeat(4000) }],
    ['eventName', { eventName: 'x'.repeat(257) }],
  ])('refuses a %s that nothing could keep, by its name', (field, overrides) => {
    expect(readOf(overrides)).toEqual({
      kind: 'invalid',
      issues: [{ field, issue: 'is longer than 256 characters' }],
    });
  });

  it.each([
    ['identityId', { identityId: '漢'.repeat(112) }],
    ['properties.externalCode', { properties: { externalCode: 'é'.repeat(167) } }],
    ['contactResponse.responseTrackingCode', { responseTrackingCode: '😀'.repeat(84) }],
  ])('refuses a %s that no callback address could carry, by its name', (field, overrides) => {
    const issue = 'is longer than 1000 characters when percent-encoded';
    expect(readOf(overrides)).toEqual({ kind: 'invalid', issues: [{ field, issue }] });
  });

  it('takes any 256 characters of ASCII, and what fits when it is percent-encoded', () => {
    const properties = { externalCode: '&'.repeat(256) };
    expect(readOf({ properties, responseTrackingCode: 'é'.repeat(166) })).toMatchObject({
      event: properties,
    });
  });

  it('gives every event that it takes a callback address that Twilio takes', () => {
    const publicUrl = `https://${'a'.repeat(248)}`;
    const units = ['a', '&', ' x', 'é', '漢', '😀', '\ud800'] as const;
    const long = fc
      .tuple(fc.constantFrom(...units), fc.integer({ min: 1, max: 256 }))
      .map(([unit, count]) => unit.repeat(count));
    const text = fc.oneof(long, fc.string({ unit: 'binary', maxLength: 256 }));
    let [taken, longest] = [0, 0];
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/),
        fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
        text,
        text,
        text,
        (guid, tenantId, identityId, externalCode, responseTrackingCode) => {
          const properties = { externalCode };
          const reading = readOf({ guid, tenantId, identityId, properties, responseTrackingCode });
          if (reading.kind !== 'event') return;
          taken += 1;
          const { length } = toTwilioStatusCallback(publicUrl, reading.event);
          longest = Math.max(longest, length);
          expect(length).toBeLessThanOrEqual(4000);
        },
      ),
      {
        numRuns: 1000,
        endOnFailure: true,
        examples: [
          [
            `g${':'.repeat(127)}`,
            't'.repeat(64),
            '漢'.repeat(111),
            'é'.repeat(166),
            '😀'.repeat(83),
          ],
          ['g', 't', 'é'.repeat(256), '漢'.repeat(256), '漢'.repeat(256)],
        ],
      },
    );
    expect(publicUrl).toHaveLength(256);
    expect(taken).toBeGreaterThan(100);
    expect(longest).toBeGreaterThan(3700);
  });

  it('takes codes of 256 characters', () => {
    const longest = 'x'.repeat(256);
    expect(readOf({ taskId: longest, eventName: longest })).toMatchObject({
      event: { taskId: longest, eventName: longest },
    });
  });

  it('does without properties, or with properties of another shape', () => {
    for (const properties of [null, undefined, 'text', [], { externalCode: { a: 1 } }]) {
      expect(readOf({ properties })).toMatchObject({ event: { externalCode: '' } });
    }
  });

  it('takes the identity from its second place', () => {
    const event = { ...anOutboundEvent({ identityId: '' }), identity: { identityId: 'i-2' } };
    expect(readEvent(event)).toMatchObject({ event: { identityId: 'i-2' } });
  });

  it.each([
    ['guid', { guid: 'a b' }, 'must be up to 128 letters, digits and . _ : -'],
    ['guid', { guid: 'g#1' }, 'must be up to 128 letters, digits and . _ : -'],
    ['externalTenantId', { tenantId: '../other' }, 'must be up to 64 letters, digits and _ -'],
    ['identityId', { identityId: {} }, 'must be text'],
    ['identityId', { identityId: 'i'.repeat(257) }, "must be up to 256 characters without '|'"],
    ['identityId', { identityId: 'a|b' }, "must be up to 256 characters without '|'"],
    ['date.generatedTimestamp', { generatedTimestamp: 'yesterday' }, 'must be ms since 1970'],
    ['date.generatedTimestamp', { generatedTimestamp: -1 }, 'must be ms since 1970'],
    [
      'date.generatedTimestamp',
      { generatedTimestamp: Math.floor(BUILT_AT / 1000) },
      'must be ms since 1970, not seconds or microseconds',
    ],
    [
      'date.generatedTimestamp',
      { generatedTimestamp: `${BUILT_AT}000` },
      'must be ms since 1970, not seconds or microseconds',
    ],
    ['date.generatedTimestamp', { generatedTimestamp: 1e300 }, 'must be ms since 1970'],
    ['impression.creativeContent', { creative: 42 }, 'must be text'],
  ])('says what is wrong with %s', (field, overrides, issue) => {
    expect(readOf(overrides)).toEqual({ kind: 'invalid', issues: [{ field, issue }] });
  });

  it('is none of ours with another type, however little else it has', () => {
    expect(readEvent({ eventType: 'inboundSystem' })).toEqual({ kind: 'other-type' });
  });

  it('is read without an exception, whatever it is', () => {
    const anything = fc.anything();
    fc.assert(
      fc.property(anything, anything, anything, (guid, date, impression) => {
        readEvent(guid);
        readEvent({ ...anOutboundEvent({ guid }), date, impression });
      }),
    );
  });
});
