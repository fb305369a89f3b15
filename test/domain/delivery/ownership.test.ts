import { describe, expect, it, vi } from 'vitest';
import { MINUTE, SECOND } from '../../../domain/clock.ts';
import type { Delivery } from '../../../domain/delivery/delivery.ts';
import { recognise, reportedOn, takeMessage } from '../../../domain/delivery/ownership.ts';
import { providers } from '../../../providers/registry.ts';
import { aDelivery } from '../../builders/delivery.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import { fakeDeliveries } from '../../fakes/deliveries.ts';
import { fakeMessageOwners } from '../../fakes/message-owners.ts';

const now = BUILT_AT + 10 * MINUTE;
const recipient = 'abc123';
const doubt = { from: now - 8 * MINUTE, to: now - 6 * MINUTE };
const mine = aDelivery({ status: 'unknown', doubt, recipient, attempts: 1 });
const other = (over: Partial<Delivery>) => aDelivery({ guid: 'other', recipient, ...over });
const running = { token: 'busy', since: now - SECOND, until: now + 30 * SECOND };
const old = { providerMessageId: 'SM1', equalSince: now - 7 * MINUTE };
const later = { providerMessageId: 'SM2', equalSince: now - 6 * MINUTE };
const neverReported = { isNeverReported: true };

function setUp(others: Delivery[] = [], current: Delivery = mine) {
  const deliveries = fakeDeliveries([current, ...others]);
  const owners = fakeMessageOwners(deliveries.all);
  const deps = { deliveries, owners, clock: () => now };
  type Found = Parameters<typeof recognise>[2]['messages'];
  return {
    deps,
    recognise: (messages: Found, over: { hasMore?: boolean; isNeverReported?: boolean } = {}) =>
      recognise(
        current,
        recipient,
        { kind: 'candidates', messages, ...over },
        { receiveCount: 10, unseenForMs: MINUTE },
        deps,
      ),
    report: (over: Partial<Parameters<typeof reportedOn>[1]> = {}) =>
      reportedOn(
        current,
        { provider: 'twilio', providerMessageId: 'SM1', ...over },
        { ...deps, providers },
      ),
  };
}

describe('an attempt in doubt', () => {
  it('is recognised in an equal message that nobody else has', async () => {
    expect(await setUp().recognise([old])).toMatchObject({
      kind: 'accepted',
      delivery: { providerMessageId: 'SM1' },
    });
  });

  it('is absent when the only equal message is another delivery’s', async () => {
    const sent = other({ status: 'sent', providerMessageId: 'SM1' });

    expect(await setUp([sent]).recognise([old])).toMatchObject({ kind: 'absent' });
  });

  it('takes the next equal message when the first is claimed', async () => {
    const { deps, recognise: find } = setUp([other({ status: 'unknown', doubt })]);
    await deps.owners.claim('SM1', other({}));

    expect(await find([old, later])).toMatchObject({
      kind: 'accepted',
      delivery: { providerMessageId: 'SM2' },
    });
  });

  it('is ambiguous, and claims nothing, while another delivery in doubt may own the only equal message', async () => {
    const { deps, recognise: find } = setUp([other({ status: 'unknown', doubt })]);

    expect(await find([old])).toEqual({ kind: 'ambiguous', delivery: mine });
    expect(deps.owners.claims.size).toBe(0);
  });

  it('is ambiguous when every equal message was claimed at this moment', async () => {
    const { deps, recognise: find } = setUp();
    await deps.owners.claim('SM1', other({}));

    expect(await find([old])).toMatchObject({ kind: 'ambiguous', delivery: { claiming: 'SM1' } });
  });

  it('counts one delivery in doubt for each equal message: with two for three, nobody claims', async () => {
    const inDoubt = { status: 'unknown', doubt } as const;
    const three = setUp([other(inDoubt), other({ ...inDoubt, guid: 'third' })]);

    expect(await three.recognise([old, later])).toMatchObject({ kind: 'ambiguous' });
    expect(
      await three.recognise([old, later, { ...later, providerMessageId: 'SM3' }]),
    ).toMatchObject({ kind: 'accepted' });
  });

  describe('by a message whose text cannot be compared', () => {
    const unread = { ...old, isUnread: true };
    const inDoubt = { status: 'unknown', doubt } as const;

    it('is recognised where it is the only one that nobody else has', async () => {
      const sent = other({ status: 'sent', providerMessageId: 'SM2' });
      const { recognise: find } = setUp([sent]);
      expect(await find([unread, { ...later, isUnread: true }])).toMatchObject({
        kind: 'accepted',
        delivery: { providerMessageId: 'SM1' },
      });
    });

    it('stays in doubt beside any other message', async () => {
      const { deps, recognise: find } = setUp();
      expect(await find([unread, { ...later, isUnread: true }])).toMatchObject({
        kind: 'inconclusive',
      });
      expect(await find([unread, { providerMessageId: 'SM3' }])).toMatchObject({
        kind: 'inconclusive',
      });
      expect(await find([unread], { hasMore: true })).toMatchObject({ kind: 'inconclusive' });
      expect(deps.owners.claims.size).toBe(0);
    });

    it('stays in doubt while any other delivery in doubt may own it', async () => {
      const rival = other({ ...inDoubt, tried: { sender: '+12025550100', content: 'bbbb' } });
      expect(await setUp([rival]).recognise([unread])).toMatchObject({ kind: 'ambiguous' });
    });
  });

  it('starts with the message that is as early among its equals as its own attempt', async () => {
    const before = other({ status: 'unknown', doubt: { ...doubt, from: doubt.from - 1 } });
    const after = other({ status: 'unknown', doubt: { ...doubt, from: doubt.from + 1 } });

    expect(await setUp([before]).recognise([later, old])).toMatchObject({
      delivery: { providerMessageId: 'SM2' },
    });
    expect(await setUp([after]).recognise([later, old])).toMatchObject({
      delivery: { providerMessageId: 'SM1' },
    });
  });

  const tried = { sender: '+12025550100', content: 'aaaa' };
  const elsewhere = { from: old.equalSince + 2 * MINUTE + 1, to: now };
  const before = { from: 0, to: old.equalSince - 2 * MINUTE - 1 };
  it.each<[string, Partial<Delivery>]>([
    ['with another text', { doubt, tried: { ...tried, content: 'bbbb' } }],
    ['that was tried later', { doubt: elsewhere, tried }],
    ['that was tried before', { doubt: before, tried }],
    ['that the provider has', { doubt, tried, status: 'sent' }],
    ['without a doubt', { tried, status: 'failed' }],
  ])('is recognised in an equal message beside a delivery %s', async (_, over) => {
    const beside = setUp([other({ status: 'unknown', ...over })], { ...mine, tried });

    expect(await beside.recognise([old])).toMatchObject({ kind: 'accepted' });
  });

  it.each<[string, Partial<Delivery>, { isLonger?: boolean }]>([
    ['with the same text', { doubt, tried }, {}],
    ['that does not say what it tried', { doubt }, {}],
    ['that was given up', { doubt, tried, status: 'failed' }, {}],
    [
      'whose worker died',
      { tried, lease: { token: 'dead', since: doubt.from, until: doubt.to } },
      {},
    ],
    ['that only asks', { tried, doubt, lease: running }, {}],
    ['that was tried just before', { tried, doubt: { ...before, to: before.to + 1 } }, {}],
    ['that was tried just after', { tried, doubt: { ...elsewhere, from: elsewhere.from - 1 } }, {}],
    ['with a text of its own', { doubt, tried: { ...tried, content: 'bbbb' } }, { isLonger: true }],
  ])('is ambiguous beside a delivery in doubt %s', async (_, over, message) => {
    const beside = setUp([other({ status: 'unknown', ...over })], { ...mine, tried });

    expect(await beside.recognise([{ ...old, ...message }])).toMatchObject({ kind: 'ambiguous' });
  });

  describe('where the provider never reports', () => {
    it('is recognised in whichever equal message is claimed first', async () => {
      const { recognise: find } = setUp([other({ status: 'unknown', doubt })]);

      expect(await find([old], neverReported)).toMatchObject({ kind: 'accepted' });
    });

    it('is absent when another delivery in doubt has claimed the only equal message', async () => {
      const { deps, recognise: find } = setUp([other({ status: 'unknown', doubt })]);
      await deps.owners.claim('SM1', other({}));

      expect(await find([old], neverReported)).toMatchObject({
        kind: 'absent',
        delivery: { claiming: 'SM1' },
      });
    });
  });

  it('is inconclusive with a message that cannot be compared, or a list too long to read', async () => {
    expect(await setUp().recognise([{ providerMessageId: 'SM1' }])).toMatchObject({
      kind: 'inconclusive',
    });
    expect(await setUp().recognise([], { hasMore: true })).toMatchObject({ kind: 'inconclusive' });
    expect(await setUp().recognise([])).toMatchObject({ kind: 'absent' });
  });

  it('is inconclusive while it is not known who else wrote to the recipient', async () => {
    const { deps, recognise: find } = setUp();
    vi.spyOn(deps.owners, 'deliveriesTo').mockResolvedValueOnce(undefined);

    expect(await find([old])).toMatchObject({ kind: 'inconclusive' });
  });

  it('waits while an equal message may be one that is being sent right now', async () => {
    expect(await setUp([other({ lease: running })]).recognise([old])).toMatchObject({
      kind: 'wait',
      seconds: 30,
    });
  });

  it.each([
    ['whose lease is over', { lease: { ...running, until: now } }],
    ['that the provider has', { lease: running, status: 'delivered' as const }],
  ])('does not wait for a delivery %s', async (_, over) => {
    expect(await setUp([other(over)]).recognise([old])).toMatchObject({ kind: 'accepted' });
  });

  it('does not wait for anybody when there is no equal message', async () => {
    expect(await setUp([other({ lease: running })]).recognise([])).toMatchObject({
      kind: 'absent',
    });
  });

  it('waits until a young message’s own delivery must be visible', async () => {
    const young = { providerMessageId: 'SM1', equalSince: now - 20 * SECOND };

    expect(await setUp().recognise([young])).toMatchObject({ kind: 'wait', seconds: 40 });
    expect(await setUp().recognise([{ ...young, equalSince: now - MINUTE }])).toMatchObject({
      kind: 'accepted',
    });
  });

  it('is looked at again when the delivery changed meanwhile', async () => {
    const { deps, recognise: find } = setUp();
    vi.spyOn(deps.deliveries, 'swap').mockResolvedValueOnce(false);

    expect(await find([old])).toMatchObject({ kind: 'wait', seconds: 1 });
  });
});

describe('claiming a message of the provider', () => {
  it('does not try again for one that another delivery was found to hold', async () => {
    const current = { ...mine, claiming: 'SM1' };
    const { deps } = setUp([], current);
    await deps.owners.claim('SM1', other({}));
    const swap = vi.spyOn(deps.deliveries, 'swap');

    expect(await takeMessage(current, 'SM1', deps)).toEqual({
      kind: 'anothers',
      delivery: current,
    });
    expect(swap).not.toHaveBeenCalled();
  });

  it('takes up what it had set out to claim before it claims another', async () => {
    const current = { ...mine, claiming: 'SM1' };

    expect(await takeMessage(current, 'SM2', setUp([], current).deps)).toMatchObject({
      kind: 'taken',
      delivery: { providerMessageId: 'SM1' },
    });
  });
});

describe('a report of the provider about a delivery in doubt', () => {
  it('settles it once the message is its own', async () => {
    expect(await setUp().report()).toMatchObject({ providerMessageId: 'SM1' });
  });

  it('claims the message, so that no look-up of an equal one does', async () => {
    const { deps, report } = setUp();
    await report();

    expect(await deps.owners.claim('SM1', other({}))).toBe(false);
  });

  it('settles it even if a look-up gave the message to another delivery', async () => {
    const { deps, report } = setUp();
    await deps.owners.claim('SM1', other({}));

    expect(await report()).toMatchObject({ providerMessageId: 'SM1' });
  });

  it('names its message, whichever it was about to claim', async () => {
    const { report } = setUp([], { ...mine, claiming: 'SM2' });

    expect(await report()).toMatchObject({ providerMessageId: 'SM1' });
    expect(await report()).not.toHaveProperty('claiming');
  });

  it('needs no claim from a provider that keeps our reference', async () => {
    const { deps, report } = setUp();
    await deps.owners.claim('SM1', other({}));

    expect(await report({ provider: 'scg' })).toEqual(mine);
  });
});

describe('a report of the provider needs no claim', () => {
  it.each([
    ['of what it has', { status: 'sent' as const }],
    ['of what is sent for the first time', { lease: running }],
  ])('%s', async (_, over) => {
    const delivery = aDelivery(over);
    const { deps, report } = setUp([], delivery);
    const claim = vi.spyOn(deps.owners, 'claim');

    expect(await report()).toEqual(delivery);
    expect(claim).not.toHaveBeenCalled();
  });

  it.each([
    ['its lease is over', { lease: { ...running, until: now } }],
    ['an attempt was in doubt before', { lease: running, doubt }],
    ['it was tried before', { lease: running, attempts: 1 }],
    ['a replay sends it', { lease: running, replayNo: 1 }],
    ['nobody is sending it', {}],
  ])('but does when %s', async (_, over) => {
    const delivery = aDelivery(over);
    const { deps, report } = setUp([], delivery);

    expect(await report()).toMatchObject({ providerMessageId: 'SM1' });
    expect(deps.owners.claims.get('SM1')).toBe(delivery.deliveryId);
  });
});
