import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { SECOND } from '../../domain/clock.ts';
import type { Callbacks } from '../../domain/feedback/callback.ts';
import { externalEventRequestSchema } from '../../domain/feedback/external-event-request.ts';
import { receiveCallback } from '../../domain/feedback/receive-callback.ts';
import { statusOf } from '../../domain/feedback/status-names.ts';
import type { HttpRequest } from '../../domain/http.ts';
import type { Provider } from '../../domain/provider.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import { answering } from '../builders/answering.ts';
import { aMessageRequest, BUILT_AT } from '../builders/message-request.ts';
import { fakeEventQueue } from '../fakes/event-queue.ts';
import { fakeObserve } from '../fakes/observe.ts';
import { fakeOptOuts } from '../fakes/opt-outs.ts';
import { fakeTenantSecrets } from '../fakes/tenant-secrets.ts';

/** A provider, and the requests that it makes to us. */
export type ProviderSubject = {
  readonly provider: Provider;
  readonly secret: TenantSecret;
  /** Those that carry statuses, and those that carry replies; one may do both. */
  readonly callbacks: { readonly statuses: Callbacks; readonly replies: Callbacks };
  /** A genuine callback to tenant-a about a message whose reference was written with the base URL given here. */
  readonly publicUrl: string;
  readonly status: (name: string, reference: string) => HttpRequest;
  /** A genuine callback to tenant-a with what +12025550123 wrote. */
  readonly reply: (text: string) => HttpRequest;
  /** The same request from someone without the credentials. */
  readonly forge: (request: HttpRequest) => HttpRequest;
};

const never = new AbortController().signal;

/** What every provider does, apart from sending (see message-gateway.contract.ts). */
export function providerContract(name: string, subject: ProviderSubject) {
  const { provider, secret, callbacks, publicUrl } = subject;
  const request = aMessageRequest({ provider: provider.id, tenantId: 'tenant-a' });
  const reference = provider.reference.write(request, publicUrl);

  describe(`${name}, as Provider`, () => {
    it('reads the reference that it writes, whatever is in it', () => {
      const correlation = fc.record({
        tenantId: fc.stringMatching(/^[A-Za-z0-9_-]{1,24}$/),
        guid: fc.stringMatching(/^[A-Za-z0-9._:-]{1,36}$/),
        identityId: fc.stringMatching(/^[^|]{1,36}$/),
        externalCode: fc.string({ unit: 'grapheme', minLength: 1 }),
        responseTrackingCode: fc.constant('rtc-1'),
      });
      fc.assert(
        fc.property(correlation, (written) => {
          const { responseTrackingCode: _, ...needed } = written;
          const read = provider.reference.read(provider.reference.write(written, publicUrl));
          expect(read).toMatchObject(needed);
        }),
      );
      expect(provider.reference.read('')).toBeUndefined();
    });

    it('has names for a message that was sent, delivered and not delivered', () => {
      const meanings = new Set(Object.values(provider.statuses.meanings));
      for (const status of ['sent', 'delivered', 'undelivered'] as const) {
        expect(meanings).toContain(status);
      }
      expect(statusOf(provider.statuses, 'constructor')).toBeUndefined();
    });

    it('finds its own error codes by their key, and says what they mean', () => {
      const { synchronous, late, keyOf } = provider.errors;
      for (const [code, row] of [...Object.entries(synchronous), ...Object.entries(late)]) {
        expect(keyOf(code)).toBe(code);
        expect(row.meaning).toMatch(/\.$/);
        expect(row.advice).toMatch(/\.$/);
      }
    });

    it('asks nobody for a tenant whose secret lacks its credentials', async () => {
      const deps = {
        http: () => Promise.reject(new Error('called')),
        clock: () => BUILT_AT,
        observe: fakeObserve(),
        publicUrl,
        timeoutMs: 5 * SECOND,
      };
      const gateway = provider.messageGateway(deps);
      const failure = { class: 'config', code: 'secret-incomplete' };
      const window = { from: BUILT_AT, to: BUILT_AT };
      expect(await gateway.send(request, {}, never)).toMatchObject({ kind: 'rejected', failure });
      const found = await gateway.lookUp(request, {}, window, never);
      expect(found).toMatchObject({ kind: 'unavailable', failure });
      const state = await provider.stateGateway(deps).stateOf('id-1', {});
      expect(state).toMatchObject({ kind: 'unavailable', failure });
    });
  });

  describe(`${name}, as Callbacks`, () => {
    const queue = fakeEventQueue;
    let parts: ReturnType<typeof setUp>;
    const setUp = () => ({
      queue: queue(),
      observe: fakeObserve(),
      optOuts: fakeOptOuts(),
      secrets: fakeTenantSecrets({ 'tenant-a': secret }),
    });
    beforeEach(() => {
      parts = setUp();
    });
    const receive = (made: HttpRequest, by: Callbacks, answer?: string) =>
      answering(receiveCallback)(made, by, {
        ...parts,
        clock: () => BUILT_AT,
        replies: {
          optOuts: parts.optOuts,
          limit: () => never,
          phrases: 'stop',
          answer: async () => answer,
        },
      });
    const [delivered = ''] = Object.entries(provider.statuses.meanings)
      .filter(([, meaning]) => meaning === 'delivered')
      .map(([named]) => named);

    it('put a status on the queue, with the reference that was sent', async () => {
      const made = subject.status(delivered, reference);
      expect((await receive(made, callbacks.statuses)).status).toBeLessThan(300);
      const [update, ...more] = parts.queue.requests;
      expect(more).toEqual([]);
      expect(externalEventRequestSchema.parse(update)).toMatchObject({
        kind: 'status',
        provider: provider.id,
        tenantId: 'tenant-a',
        word: delivered,
        guid: request.guid,
        identityId: request.identityId,
        externalCode: request.externalCode,
      });
    });

    it('acknowledge what is of no use, so that the provider drops it', async () => {
      const unknown = subject.status('teleported', reference);
      expect((await receive(unknown, callbacks.statuses)).status).toBeLessThan(300);
      const foreign = subject.status(delivered, '');
      expect((await receive(foreign, callbacks.statuses)).status).toBeLessThan(300);
      expect(parts.queue.requests).toEqual([]);
      expect(parts.observe.counts.map(({ metric }) => metric)).toEqual([
        'unmapped',
        'uncorrelated',
      ]);
    });

    it('put a reply on the queue, a STOP also on record before the acknowledgement', async () => {
      parts.queue.outage.begin();
      await expect(receive(subject.reply('STOP'), callbacks.replies)).rejects.toThrow(Unavailable);
      expect(await parts.optOuts.isOptedOut('tenant-a', '+12025550123')).toBe(true);
      parts.queue.outage.end();
      expect((await receive(subject.reply('STOP'), callbacks.replies)).status).toBe(200);
      const [reply] = parts.queue.requests;
      expect(externalEventRequestSchema.parse(reply)).toMatchObject({
        kind: 'reply',
        provider: provider.id,
        from: '+12025550123',
        body: 'STOP',
        optOut: 'STOP',
        recordedFor: 'tenant-a',
      });
    });

    it('let nobody in without the credentials, nor for a tenant that does not exist', async () => {
      const refused = await receive(
        subject.forge(subject.status(delivered, reference)),
        callbacks.statuses,
      );
      expect([401, 403]).toContain(refused.status);
      const reply = subject.reply('STOP');
      const [other, wrong] = await Promise.all([
        receive({ ...reply, params: { tenantId: 'tenant-x' } }, callbacks.replies),
        receive(subject.forge(reply), callbacks.replies),
      ]);
      expect(other).toEqual(wrong);
      expect(parts.queue.requests).toEqual([]);
      expect(parts.observe.counted('forged')).toBe(3);
    });

    it('find credentials that were rotated a moment ago', async () => {
      parts.secrets = fakeTenantSecrets({ 'tenant-a': {} });
      parts.secrets.put('tenant-a', { kind: 'found', secret });
      await receive(subject.status(delivered, reference), callbacks.statuses);
      expect(parts.queue.requests).toHaveLength(1);
      expect(parts.secrets.refreshes).toEqual(['tenant-a']);
    });
  });
}
