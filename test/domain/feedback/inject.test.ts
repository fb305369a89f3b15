import { describe, expect, it, vi } from 'vitest';
import { DAY, MINUTE, SECOND } from '../../../domain/clock.ts';
import { explainLateError } from '../../../providers/errors.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { aReply, aStatusUpdate } from '../../builders/external-event-request.ts';
import { aFailedRequest } from '../../builders/failed-request.ts';
import { ci360Down } from '../../fakes/event-gateway.ts';
import { aTenantSecret } from '../../fakes/tenant-secrets.ts';
import { injectorWorld } from './feedback-setup.ts';

const sent = aDelivery({ status: 'sent', providerMessageId: `SM${'1'.repeat(32)}` });

describe('a status update', () => {
  it('moves its delivery on and becomes an event', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.gateway.events).toEqual([
      {
        eventName: 'sms_delivered',
        datahub_id: 'identity-1',
        externalCode: 'TSK_1',
        responseTrackingCode: 'rtc-1',
        messageId: `SM${'1'.repeat(32)}`,
        status: 'delivered',
        channel: 'SMS',
        provider: 'twilio',
        timestamp: '2026-03-02T09:00:00.000Z',
        guid: sent.guid,
      },
    ]);
    expect(world.deliveries.all()).toMatchObject([
      { status: 'delivered', reports: { delivered: 'reported' } },
    ]);
    expect(world.observe.counted('reported')).toBe(1);
  });

  it('carries the error in our words, or in the provider’s where we have none', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate({ word: 'undelivered', errorCode: '30003', errorText: 'Raw' }));
    world.enqueue(aStatusUpdate({ word: 'failed', errorCode: '99999', errorText: 'Raw' }));
    await world.drain();
    expect(world.gateway.events).toMatchObject([
      { errorCode: '30003', errorMessage: 'The handset was unreachable.' },
      { errorCode: '99999', errorMessage: 'Raw' },
    ]);
    const [delivery] = world.deliveries.all();
    expect(delivery).toMatchObject({ status: 'undelivered', lastError: { code: '99999' } });
    expect(JSON.stringify(delivery)).not.toContain('Raw');
  });

  it('of the answer to a reply moves its delivery on, and is neither reported nor missed', async () => {
    const guid = 'answer:scg:mo-1';
    const answer = aDelivery({
      ...sent,
      deliveryId: `tenant-a#${guid}`,
      guid,
      provider: 'scg',
      identityId: '',
    });
    const world = injectorWorld({ deliveries: [answer] });
    world.enqueue(aStatusUpdate({ provider: 'scg', word: 'DELIVERED', guid, identityId: '' }));
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(world.deliveries.all()).toMatchObject([{ status: 'delivered' }]);
    expect(world.observe.counted('uncorrelated')).toBe(0);
  });

  it('takes from the delivery what the callback had no room for', async () => {
    const world = injectorWorld({ deliveries: [{ ...sent, provider: 'scg', channel: 'RCS' }] });
    const scg = { provider: 'scg', word: 'DELIVERED', responseTrackingCode: '' } as const;
    world.enqueue(aStatusUpdate({ ...scg, identityId: '', externalCode: '' }));
    await world.drain();
    expect(world.gateway.events).toMatchObject([
      {
        datahub_id: 'identity-1',
        externalCode: 'TSK_1',
        responseTrackingCode: 'rtc-1',
        channel: 'RCS',
      },
    ]);
  });

  it('goes under the names that the tenant has defined', async () => {
    const world = injectorWorld({
      deliveries: [sent],
      settings: { attributeNames: { responseTrackingCode: 'rtc', constructor: 'x' } },
    });
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.gateway.events[0]).toMatchObject({ rtc: 'rtc-1' });
    expect(world.gateway.events[0]).not.toHaveProperty('responseTrackingCode');
  });

  it('carries only the attributes that are wanted, with its name and identity, under the names of the tenant', async () => {
    const world = injectorWorld({
      deliveries: [sent],
      settings: {
        attributeNames: { externalCode: 'task' },
        attributes: new Set(['externalCode', 'status']),
      },
    });
    world.enqueue(aStatusUpdate());
    await world.drain();
    const [event] = world.gateway.events;
    expect(Object.keys(event ?? {}).sort()).toEqual(['datahub_id', 'eventName', 'status', 'task']);
  });

  it('without an event of its own moves the delivery and is counted', async () => {
    const world = injectorWorld({ deliveries: [aDelivery({ status: 'unknown' })] });
    world.enqueue(aStatusUpdate({ word: 'queued' }));
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(world.observe.counted('unmapped')).toBe(1);
    expect(world.deliveries.all()).toMatchObject([{ status: 'sent' }]);
  });

  it('that is the first to tell that the provider has the message is when it was sent', async () => {
    const world = injectorWorld({ deliveries: [aDelivery({ status: 'unknown' })] });
    const toldAt = world.clock();
    world.enqueue(aStatusUpdate({ word: 'queued' }));
    await world.drain();
    world.clock.advance(MINUTE);
    world.enqueue(aStatusUpdate({ word: 'sent' }));
    await world.drain();
    expect(world.deliveries.all()).toMatchObject([{ status: 'sent', sentAt: toldAt }]);
  });

  it('of a message that no delivery tells of is reported once all the same', async () => {
    const world = injectorWorld();
    world.enqueue(aStatusUpdate());
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
    expect(world.deliveries.all()).toMatchObject([{ status: 'delivered', version: 2 }]);
  });

  it('that says nothing of who was written to is counted and dropped', async () => {
    const world = injectorWorld();
    world.enqueue(aStatusUpdate({ identityId: '' }));
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(world.observe.counted('uncorrelated')).toBe(1);
  });

  it.each(['unknown', 'transient', 'permanent'] as const)(
    'about a delivery that we gave up (%s) shows that it was sent after all',
    async (failureClass) => {
      const lastError = { class: failureClass, code: 'reset', message: 'No answer came.' };
      const doubt = { from: 0, to: 1 };
      const world = injectorWorld({
        deliveries: [aDelivery({ status: 'failed', lastError, doubt })],
      });
      world.enqueue(aStatusUpdate());
      await world.drain();
      const [delivery] = world.deliveries.all();
      expect(delivery).toMatchObject({ status: 'delivered' });
      expect(delivery).not.toHaveProperty('lastError');
      expect(delivery).not.toHaveProperty('doubt');
    },
  );

  it('settles a delivery in doubt even if another delivery claimed the message', async () => {
    const inDoubt = aDelivery({ status: 'unknown', doubt: { from: 0, to: 1 } });
    const world = injectorWorld({ deliveries: [inDoubt] });
    const { providerMessageId } = aStatusUpdate();
    await world.deps.owners.claim(providerMessageId, aDelivery({ guid: 'other' }));
    world.enqueue(aStatusUpdate());
    await world.drain();

    const [delivery] = world.deliveries.all();
    expect(delivery).toMatchObject({ status: 'delivered', providerMessageId });
    expect(delivery).not.toHaveProperty('doubt');
    expect(world.gateway.events).toHaveLength(1);
  });

  it('with another reason opts nobody out', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate({ word: 'failed', errorCode: '30003' }));
    await world.drain();
    expect(world.deliveries.all()).toMatchObject([{ status: 'undelivered' }]);
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(false);
  });

  it.each(['63014', '1005'])('with code %s opts the number out', async (errorCode) => {
    const world = injectorWorld({ deliveries: [sent] });
    const provider = errorCode === '1005' ? 'scg' : 'twilio';
    const word = errorCode === '1005' ? 'FAILED' : 'failed';
    world.enqueue(aStatusUpdate({ provider, word, errorCode }));
    await world.drain();
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
    expect(await world.optOuts.isOptedOut('tenant-b', '+12025550123')).toBe(false);
    expect(await world.optOuts.preferenceOf('tenant-a', '+12025550123')).toMatchObject({
      refusal: { source: `${provider}:${errorCode}` },
    });
  });

  it('with an error that Twilio else answers at once opts the number out and is reported in words', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    Object.assign(world.deps, { explain: explainLateError });
    world.enqueue(aStatusUpdate({ word: 'failed', errorCode: '21610' }));
    await world.drain();
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
    expect(world.gateway.events.at(-1)).toMatchObject({
      errorCode: '21610',
      errorMessage: 'The recipient has opted out of this sender.',
    });
  });

  it('costs one read and two writes', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    const calls: string[] = [];
    const { deliveries } = world.deps;
    Object.assign(world.deps, {
      deliveries: Object.fromEntries(
        Object.entries(deliveries).map(([name, call]) => [
          name,
          (...given: never[]) => {
            calls.push(name);
            return Reflect.apply(call, deliveries, given);
          },
        ]),
      ),
    });
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(calls).toEqual(['get', 'swap', 'swap']);
  });
});

describe('a reply', () => {
  it('is given back to the person who was written to', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    world.enqueue(aReply({ attributes: { profileName: 'Ada' } }));
    await world.drain();
    expect(world.gateway.events).toEqual([
      {
        eventName: 'sms_reply',
        datahub_id: 'identity-1',
        message_body: 'Thank you',
        from: '+12025550123',
        to: '+12025550100',
        messageId: `SM${'2'.repeat(32)}`,
        channel: 'SMS',
        provider: 'twilio',
        timestamp: '2026-03-02T09:00:00.000Z',
        profileName: 'Ada',
      },
    ]);
  });

  it('is reported once, however often it comes', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    for (let n = 0; n < 4; n += 1) world.enqueue(aReply());
    await world.drain();
    world.enqueue(aReply());
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
  });

  it('carries the address where identity_field says so', async () => {
    const world = injectorWorld({ settings: { identityField: 'subject_id' } });
    world.enqueue(aReply());
    await world.drain();
    expect(world.gateway.events).toMatchObject([{ subject_id: '+12025550123' }]);
    expect(world.gateway.events[0]).not.toHaveProperty('datahub_id');
  });

  it('cannot take an attribute’s place for its identity or its name', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    world.enqueue(aReply({ attributes: { datahub_id: 'someone-else', eventName: 'other' } }));
    await world.drain();
    expect(world.gateway.events).toMatchObject([
      { datahub_id: 'identity-1', eventName: 'sms_reply' },
    ]);
  });

  it('may come before the worker has recorded the recipient', async () => {
    const world = injectorWorld();
    world.enqueue(aReply());
    await world.work();
    expect(world.gateway.events).toEqual([]);
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
  });

  it('waits for that note as long as a worker’s death may hold it up', async () => {
    const world = injectorWorld();
    world.enqueue(aReply());
    await world.drain(world.clock() + 8 * MINUTE);
    expect(world.gateway.events).toEqual([]);
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
  });

  it('of someone whom we never wrote to is counted and dropped after ten minutes', async () => {
    const world = injectorWorld();
    world.enqueue(aReply({ body: 'STOP', optOut: 'STOP' }));
    const before = world.clock();
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(world.observe.counted('uncorrelated')).toBe(1);
    expect(world.observe.counted('opted_out')).toBe(1);
    expect(world.clock() - before).toBeGreaterThanOrEqual(10 * MINUTE);
    expect(world.clock() - before).toBeLessThanOrEqual(11 * MINUTE);
  });

  it('of a route that names its tenant is never another tenant’s, whoever shares the credentials', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-b', 'identity-b');
    world.enqueue(aReply({ provider: 'scg', tenantFrom: 'route', optOut: 'STOP' }));
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(await world.optOuts.isOptedOut('tenant-b', '+12025550123')).toBe(false);
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
  });

  it('is another tenant’s only if the same credentials open that tenant’s webhook', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-b', 'identity-b');
    const reply = aReply({ provider: 'scg', tenantFrom: 'default' });
    world.enqueue(reply);
    await world.drain();
    expect(world.gateway.events).toMatchObject([{ datahub_id: 'identity-b' }]);

    const apart = injectorWorld();
    apart.secrets.put('tenant-b', {
      kind: 'found',
      secret: aTenantSecret({ scg_webhook_password: 'another' }),
    });
    await apart.secrets.get('tenant-b', { refresh: true });
    await apart.identities.remember('+12025550123', 'tenant-b', 'identity-b');
    apart.enqueue(reply);
    apart.enqueue(aReply({ tenantFrom: 'route' }));
    await apart.drain();
    expect(apart.gateway.events).toEqual([]);
  });

  it('that says STOP opts out, and START in again, in whatever order they are worked on', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    const stop = aReply({ optOut: 'STOP', providerMessageId: 'SM-stop' });
    const start = aReply({
      optOut: 'START',
      providerMessageId: 'SM-start',
      receivedAt: stop.receivedAt + MINUTE,
    });
    world.enqueue(stop);
    await world.drain();
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
    world.enqueue(start);
    world.enqueue(stop);
    await world.drain();
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(false);
    expect(world.gateway.events.map(({ optOutType }) => optOutType)).toEqual(['STOP', 'START']);
  });

  it('whose person is not known yet waits five seconds longer each time, up to a minute', async () => {
    const world = injectorWorld();
    world.enqueue(aReply());
    const waits: number[] = [];
    for (let n = 0; n < 16; n += 1) {
      await world.work();
      const wait = (world.queue[0]?.visibleAt ?? 0) - world.clock();
      waits.push(wait / SECOND);
      world.clock.advance(wait);
    }
    expect(waits).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 60, 60, 60, 60]);
    await world.work();
    expect(world.queue).toEqual([]);
    expect(world.observe.lines).toEqual([
      {
        level: 'warn',
        message: 'reply of an unknown person',
        fields: { tenantId: 'tenant-a', guid: aReply().key, provider: 'twilio' },
      },
    ]);
    expect(world.observe.counts).toEqual([
      { metric: 'uncorrelated', dimensions: { provider: 'twilio' }, value: 1 },
    ]);
  });

  it('of an unknown person is given up after exactly ten minutes', async () => {
    const world = injectorWorld();
    world.enqueue(aReply());
    world.clock.advance(10 * MINUTE - 1);
    await world.work();
    expect(world.queue).toHaveLength(1);
    const early = injectorWorld();
    early.enqueue(aReply());
    early.clock.advance(10 * MINUTE);
    await early.work();
    expect(early.queue).toEqual([]);
  });

  it('that is being reported elsewhere is looked at again soon, and counted as a duplicate once it was', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    const id = `tenant-a#twilio#${aReply().providerMessageId}`;
    await world.replyLog.claim(id, { now: world.clock(), until: world.clock() + MINUTE });
    world.enqueue(aReply());
    await world.work();
    expect((world.queue[0]?.visibleAt ?? 0) - world.clock()).toBe(2 * SECOND);

    await world.replyLog.reported(id);
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(world.observe.counts).toEqual([
      { metric: 'duplicate', dimensions: { provider: 'twilio' }, value: 1 },
    ]);
  });

  it('that CI360 did not take may be claimed again at once', async () => {
    const world = injectorWorld();
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    world.gateway.answerWith(() => ci360Down);
    world.enqueue(aReply());
    await world.work();
    const id = `tenant-a#twilio#${aReply().providerMessageId}`;
    const again = { now: world.clock(), until: world.clock() + MINUTE };
    expect(await world.replyLog.claim(id, again)).toBe('claimed');
  });

  it('says STOP again from the queue where the webhook recorded it for another tenant', async () => {
    const world = injectorWorld();
    world.enqueue(aReply({ optOut: 'STOP', recordedFor: 'tenant-b' }));
    await world.work();
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
    expect(world.observe.counted('opted_out')).toBe(1);
  });

  it('that asks for HELP changes nothing', async () => {
    const world = injectorWorld();
    world.optOuts.outage.begin(1);
    await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
    world.enqueue(aReply({ optOut: 'HELP' }));
    await world.work();
    expect(world.gateway.events).toHaveLength(1);
  });

  it('is counted as unmapped without an event', async () => {
    const world = injectorWorld({ settings: { replyEvents: { twilio: '', scg: 'scg_reply' } } });
    world.enqueue(aReply());
    await world.drain();
    expect(world.observe.counts).toEqual([
      { metric: 'unmapped', dimensions: { provider: 'twilio' }, value: 1 },
    ]);
  });

  it('is not reported without an event, yet a STOP in it counts', async () => {
    const world = injectorWorld({
      settings: { replyEvents: { twilio: undefined, scg: undefined } },
    });
    world.enqueue(aReply({ optOut: 'STOP' }));
    await world.drain();
    expect(world.gateway.events).toEqual([]);
    expect(await world.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
  });
});

describe('when CI360 does not take an event', () => {
  it('tries again later, longer each time, and reports once', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.gateway.answerWith(() => ci360Down);
    world.enqueue(aStatusUpdate());
    const waits: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      await world.work();
      const wait = (world.queue[0]?.visibleAt ?? 0) - world.clock();
      waits.push(wait / SECOND);
      world.clock.advance(wait);
    }
    expect(waits).toEqual([3, 5, 10, 20, 40]);
    world.gateway.answerWith(() => ({ kind: 'accepted' }));
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
    expect(world.observe.counted('unreported')).toBe(5);
  });

  it('lets a status wait for one before it, and not for ever', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.gateway.answerWith(() => ({ ...ci360Down, retryAfterSeconds: 60 }));
    world.enqueue(aStatusUpdate({ word: 'sent' }));
    await world.work();
    world.gateway.answerWith(() => ({ kind: 'accepted' }));
    world.enqueue(aStatusUpdate({ word: 'delivered' }));
    await world.work();
    expect(world.gateway.events).toEqual([]);
    expect(world.deliveries.all()).toMatchObject([{ status: 'delivered' }]);
    // It looks again soon: what goes first is mostly told in a moment.
    expect((world.queue[1]?.visibleAt ?? 0) - world.clock()).toBe(2 * SECOND);
    // The record of `sent` is lost, so nobody comes for it.
    world.queue.splice(0, 1);
    await world.drain();
    expect(world.gateway.events).toMatchObject([{ status: 'delivered' }]);
  });

  it.each([
    [60, MINUTE],
    [86_400, 30 * MINUTE],
  ])('waits as long as CI360 asks for, up to half an hour: %i s', async (wish, waited) => {
    const world = injectorWorld({ deliveries: [sent] });
    world.gateway.answerWith(() => ({ ...ci360Down, retryAfterSeconds: wish }));
    world.enqueue(aStatusUpdate());
    await world.work();
    expect((world.queue[0]?.visibleAt ?? 0) - world.clock()).toBe(waited);
  });

  it.each([aStatusUpdate(), aReply()])(
    'hands over what it tried for too long: %#',
    async (what) => {
      const world = injectorWorld({ deliveries: [sent] });
      await world.identities.remember('+12025550123', 'tenant-a', 'identity-1');
      world.gateway.answerWith(() => ci360Down);
      world.enqueue(what);
      const body = world.queue[0]?.body;
      await world.drain();
      expect(world.deadLetters.letters).toMatchObject([
        { body, tenantId: 'tenant-a', failure: { class: 'transient', code: 'ci360-503' } },
      ]);
    },
  );

  it('hands over at once what CI360 refuses, and reports it when it is replayed', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    const failure = { class: 'config', code: 'ci360-400', message: 'Refused.' } as const;
    world.gateway.answerWith(() => ({ kind: 'rejected', failure }));
    const update = aStatusUpdate();
    world.enqueue(update);
    await world.drain();
    expect(world.deadLetters.letters).toMatchObject([{ failure }]);

    world.gateway.answerWith(() => ({ kind: 'accepted' }));
    await world.failedRequests.add(
      aFailedRequest({
        guid: update.key,
        tenantId: 'tenant-a',
        kind: 'external-event',
        status: 'replaying',
        replays: 1,
      }),
    );
    world.enqueue({ ...update, replay: { id: 'replay-1', no: 1 } });
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
    expect(world.failedRequests.all()).toMatchObject([{ status: 'resolved' }]);
  });

  it('asks for the secret once more when the token is refused', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    const failure = { class: 'config', code: 'ci360-401', message: 'No.' } as const;
    let refusals = 1;
    world.gateway.answerWith(() => {
      refusals -= 1;
      return refusals < 0
        ? { kind: 'accepted' }
        : { kind: 'rejected', failure, authentication: true };
    });
    world.secrets.put('tenant-a', {
      kind: 'found',
      secret: aTenantSecret({ ci360_token: 'renewed' }),
    });
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.secrets.refreshes).toEqual(['tenant-a']);
    expect(world.gateway.events).toHaveLength(1);
  });

  it.each([
    ['unknown-tenant', { kind: 'unknown-tenant' }],
    ['secret-invalid', { kind: 'invalid', issue: 'ci360_api_url is not a URL' }],
  ] as const)('hands over with the reason %s', async (code, answer) => {
    const world = injectorWorld({ deliveries: [sent] });
    world.secrets.put('tenant-a', answer);
    await world.secrets.get('tenant-a', { refresh: true });
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.deadLetters.letters).toMatchObject([{ failure: { class: 'config', code } }]);
  });
});

describe('what is logged of an event that CI360', () => {
  const fields = { tenantId: 'tenant-a', guid: aStatusUpdate().key, provider: 'twilio' };

  it('did not take says when it is tried again', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.gateway.answerWith(() => ci360Down);
    world.enqueue(aStatusUpdate());
    await world.work();
    expect(world.observe.lines).toEqual([
      {
        level: 'warn',
        message: 'external event will be tried again',
        fields: { ...fields, code: 'ci360-503', seconds: 3 },
      },
    ]);
    expect(world.observe.counts).toEqual([
      { metric: 'unreported', dimensions: { reason: 'retried' }, value: 1 },
    ]);
  });

  it('refused says why it was given up', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    const failure = { class: 'config', code: 'ci360-400', message: 'Refused.' } as const;
    world.gateway.answerWith(() => ({ kind: 'rejected', failure }));
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.observe.lines).toEqual([
      {
        level: 'warn',
        message: 'external event given up',
        fields: { ...fields, class: 'config', code: 'ci360-400' },
      },
    ]);
    expect(world.observe.counts).toEqual([
      { metric: 'unreported', dimensions: { reason: 'given-up' }, value: 1 },
    ]);
    // It may be claimed again by a replay.
    expect(world.deliveries.all()).toMatchObject([{ reports: {} }]);
  });

  it('does not answer three times says that the tenant’s events wait', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.gateway.answerWith(() => ci360Down);
    world.enqueue(aStatusUpdate());
    for (let n = 0; n < 3; n += 1) {
      await world.work();
      world.clock.advance((world.queue[0]?.visibleAt ?? 0) - world.clock());
    }
    expect(world.observe.lines).toContainEqual({
      level: 'warn',
      message: 'CI360 takes nothing: the events of the tenant wait',
      fields: { tenantId: 'tenant-a', code: 'ci360-503', seconds: expect.any(Number) },
    });
  });

  it('is tried until the day is over, and then given up', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.gateway.answerWith(() => ci360Down);
    world.enqueue(aStatusUpdate());
    world.clock.advance(DAY - 1);
    await world.work();
    expect(world.queue).toHaveLength(1);
    world.clock.advance((world.queue[0]?.visibleAt ?? 0) - world.clock());
    await world.work();
    expect(world.queue).toEqual([]);
  });
});

describe('a status update', () => {
  it('of an unknown word is counted as unmapped and changes nothing', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate({ word: 'teleported' }));
    await world.drain();
    expect(world.deliveries.all()).toEqual([sent]);
    expect(world.observe.counts).toEqual([
      { metric: 'unmapped', dimensions: { provider: 'twilio' }, value: 1 },
    ]);
  });

  it('without a code that we know says where to look', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate({ word: 'undelivered' }));
    await world.drain();
    expect(world.deliveries.all()).toMatchObject([
      {
        lastError: {
          class: 'permanent',
          code: 'no-code',
          message: 'The provider did not deliver it and gave no reason that we know.',
          advice: 'Look the message up at the provider by its id.',
        },
      },
    ]);
    expect(world.gateway.events[0]).not.toHaveProperty('errorCode');
  });

  it('of a message that no delivery tells of keeps a delivery of its own', async () => {
    const world = injectorWorld();
    world.enqueue(aStatusUpdate({ word: 'sent' }));
    await world.drain();
    expect(world.deliveries.all()).toEqual([
      {
        deliveryId: sent.deliveryId,
        tenantId: 'tenant-a',
        guid: sent.guid,
        provider: 'twilio',
        channel: 'SMS',
        taskId: '',
        identityId: 'identity-1',
        externalCode: 'TSK_1',
        responseTrackingCode: 'rtc-1',
        status: 'sent',
        version: 2,
        attempts: 0,
        replayNo: 0,
        providerMessageId: aStatusUpdate().providerMessageId,
        reports: { sent: 'reported' },
        history: 'S0 i0:sent',
        sentAt: world.clock(),
        createdAt: world.clock(),
        updatedAt: world.clock(),
        expireTs: Math.ceil(world.clock() / SECOND) + 2_592_000,
      },
    ]);
  });

  it('that a person opted out by counts that, and notes who refused', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate({ word: 'failed', errorCode: '63014' }));
    await world.drain();
    expect(world.observe.counts).toContainEqual({
      metric: 'opted_out',
      dimensions: { provider: 'twilio' },
      value: 1,
    });
  });

  it.each([
    ['delivered', '63014'],
    ['failed', '30003'],
  ])('%s with code %s opts nobody out', async (word, errorCode) => {
    const world = injectorWorld({ deliveries: [sent] });
    world.enqueue(aStatusUpdate({ word, errorCode }));
    await world.drain();
    expect(world.observe.counted('opted_out')).toBe(0);
  });

  it('without the number opts nobody out', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    const { address: _, ...update } = aStatusUpdate({ word: 'failed', errorCode: '63014' });
    world.enqueue(update);
    await world.drain();
    expect(world.observe.counted('opted_out')).toBe(0);
    expect(world.deliveries.all()).toMatchObject([{ status: 'undelivered' }]);
  });
});

describe('when something of ours fails', () => {
  it('a record that cannot be read is handed over with a reason and named by its record', async () => {
    const world = injectorWorld();
    const handOver = vi.spyOn(world.deps.deadLetters, 'handOver');
    world.enqueueBody('{}');
    await world.drain();
    expect(handOver).toHaveBeenCalledWith(
      '{}',
      undefined,
      {
        class: 'poison',
        code: 'unreadable',
        message: 'The record is not a status update or a reply.',
        advice: 'Find out what writes to the ci360-events queue; this record cannot be replayed.',
      },
      'record-1',
    );
  });

  it.each(['', 'no json', '{}', '{"v":2,"kind":"status"}', '{"v":1,"kind":"poem"}'])(
    'a record that cannot be read is handed over: %j',
    async (body) => {
      const world = injectorWorld();
      world.enqueueBody(body);
      await world.drain();
      expect(world.deadLetters.letters).toMatchObject([
        { body, tenantId: undefined, failure: { class: 'poison' } },
      ]);
    },
  );

  it('a table that is down leaves the record on its queue', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    world.deliveries.outage.begin(3);
    world.enqueue(aStatusUpdate());
    await world.drain();
    expect(world.gateway.events).toHaveLength(1);
  });

  it('a dead-letter queue that is down leaves the record on its queue', async () => {
    const world = injectorWorld();
    world.deadLetters.outage.begin(2);
    world.enqueueBody('no json');
    await world.drain();
    expect(world.deadLetters.letters).toHaveLength(1);
  });

  it('an event whose note is lost comes twice rather than not at all, once the claim has run out', async () => {
    const world = injectorWorld({ deliveries: [sent] });
    const { swap } = world.deps.deliveries;
    let swaps = 0;
    Object.assign(world.deps, {
      deliveries: {
        ...world.deps.deliveries,
        swap: async (next: typeof sent) => {
          swaps += 1;
          if (swaps === 2) throw new Error('killed');
          return swap(next);
        },
      },
    });
    world.enqueue(aStatusUpdate());
    const before = world.clock();
    await world.drain();
    expect(world.gateway.events).toHaveLength(2);
    expect(world.clock() - before).toBeGreaterThanOrEqual(30 * SECOND);
    expect(world.deliveries.all()).toMatchObject([{ reports: { delivered: 'reported' } }]);
  });
});
