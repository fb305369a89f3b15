import { describe, expect, it } from 'vitest';
import { DAY } from '../../../domain/clock.ts';
import { service } from './service.ts';

const phone = '+12025550123';
const person = { address: phone };
const confirmed = { ...person, confirm: 'tenant-a' };

describe('why a person is not written to', () => {
  it('is shown with whoever said so, and the number masked', async () => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock());
    const { status, body } = await call('POST /opt-outs/show', { body: person });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      tenantId: 'tenant-a',
      address: '…23',
      optedOut: true,
      word: { status: 'opted-out', source: 'twilio:STOP', at: new Date(w.clock()).toISOString() },
      refusal: null,
      advice: expect.stringContaining('START'),
    });
    expect(JSON.stringify(body)).not.toContain('2025550123');
  });

  it('may be a refusal, which counts for a time', async () => {
    const { w, call } = service([]);
    await w.optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', w.clock());
    const countsUntil = new Date(w.clock() + 30 * DAY).toISOString();
    const refusal = { source: 'twilio:21610', countsUntil };
    const show = () => call('POST /opt-outs/show', { body: person });
    expect((await show()).body).toMatchObject({ optedOut: true, word: null, refusal });
    w.clock.advance(30 * DAY);
    expect((await show()).body).toMatchObject({ optedOut: false, refusal });
  });

  it('is asked in whatever way the number is written', async () => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock());
    for (const address of ['+1 (202) 555-0123', '202-555-0123', `whatsapp:${phone}`]) {
      const { body } = await call('POST /opt-outs/show', { body: { address } });
      expect(body.optedOut, address).toBe(true);
    }
    await w.optOuts.optOut('tenant-a', '4815162342', 'twilio:STOP', w.clock());
    const messenger = { address: '4815162342', channel: 'FACEBOOK' };
    expect((await call('POST /opt-outs/show', { body: messenger })).body.optedOut).toBe(true);
  });

  it('is nothing for someone who never said a word', async () => {
    const { call } = service([]);
    const { status, body } = await call('POST /opt-outs/show', { body: person });
    expect([status, body.optedOut, body.word, body.refusal]).toEqual([200, false, null, null]);
  });

  it.each([
    [{}, 422],
    [{ address: '+1202' }, 422],
    [{ address: '+12025550123x' }, 422],
    [{ ...person, channel: 'PIGEON' }, 422],
    [{ ...person, number: phone }, 422],
    [{ ...person, tenantId: 'tenant-b' }, 403],
  ])('is not told for %j', async (body, status) => {
    const { call } = service([]);
    const answer = await call('POST /opt-outs/show', { body });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain('2025550123');
  });
});

describe('lifting an opt-out', () => {
  it('lets the person be written to, in the name of the key, whatever comes late', async () => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock());
    w.clock.advance(60_000);
    const { status, body } = await call('POST /opt-outs/lift', { body: confirmed });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      optedOut: false,
      word: { status: 'opted-in', source: 'operator:on-call' },
    });
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock() - 1);
    await w.optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', w.clock() - 1);
    expect(await w.optOuts.isOptedOut('tenant-a', phone)).toBe(false);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock() + 1);
    expect(await w.optOuts.isOptedOut('tenant-a', phone)).toBe(true);
  });

  it('lifts a refusal, and what was said by a clock that is ahead', async () => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'conversation', w.clock() + 5_000);
    await w.optOuts.noteRefusal('tenant-a', phone, 'twilio:21610', w.clock() + 6_000);
    const { body } = await call('POST /opt-outs/lift', { body: confirmed });
    expect(body).toMatchObject({ optedOut: false, refusal: { countsUntil: null } });
  });

  it('is logged with the key and without the number', async () => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock());
    await call('POST /opt-outs/lift', { body: confirmed });
    expect(w.observe.lines).toMatchObject([
      { message: 'an opt-out was lifted', fields: { tenantId: 'tenant-a', code: 'on-call' } },
      { message: 'operator call', fields: { caller: 'on-call', status: 200 } },
    ]);
    expect(JSON.stringify(w.observe.lines)).not.toContain('2025550123');
  });

  it.each([
    ['without the tenant id repeated', { confirm: 'yes' }, 422],
    ['for another tenant', { tenantId: 'tenant-b', confirm: 'tenant-b' }, 403],
  ])('is refused %s', async (_, fields, status) => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock());
    const body = { ...person, ...fields };
    expect((await call('POST /opt-outs/lift', { body })).status).toBe(status);
    expect(await w.optOuts.isOptedOut('tenant-a', phone)).toBe(true);
  });

  it('finds nothing to lift of someone who may be written to', async () => {
    const { w, call } = service([]);
    expect((await call('POST /opt-outs/lift', { body: confirmed })).status).toBe(404);
    expect(await w.optOuts.preferenceOf('tenant-a', phone)).toEqual({});
  });

  it('is a conflict when the person opts out again at that moment', async () => {
    const { w, call } = service([]);
    await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock());
    const { optIn } = w.optOuts;
    w.optOuts.optIn = async (...word) => {
      const isChanged = await optIn(...word);
      await w.optOuts.optOut('tenant-a', phone, 'twilio:STOP', w.clock() + 10);
      return isChanged;
    };
    expect((await call('POST /opt-outs/lift', { body: confirmed })).status).toBe(409);
  });
});
