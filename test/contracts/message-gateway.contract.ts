import { afterEach, describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../domain/clock.ts';
import type { LookUp, LookUpWindow } from '../../domain/delivery/outcome.ts';
import type { MessageGateway } from '../../domain/delivery/ports.ts';
import type { MessageRequest } from '../../domain/outbound/message-request.ts';
import type { TenantSecret } from '../../domain/tenant/tenant-secret.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import type { Treatment } from '../fakes/message-gateway.ts';

/** A gateway, and the provider at its other end. */
export type GatewaySubject = {
  readonly gateway: MessageGateway;
  readonly secret: TenantSecret;
  /** Credentials that the provider refuses. */
  readonly wrongSecret: TenantSecret;
  readonly request: (overrides?: Partial<MessageRequest>) => MessageRequest;
  readonly treat: (treatment: Treatment) => void | Promise<void>;
  /** What the provider took, in order. */
  readonly accepted: () => readonly { readonly id: string; readonly body: string }[];
  /** Resolves when the provider has taken a message. */
  readonly whenAccepted: () => Promise<unknown>;
  readonly close: () => Promise<void>;
};

/** What a look-up says: the one message it is, that there is none, or that nothing is certain. */
export function certain(found: LookUp): string {
  if (found.kind === 'accepted') return found.providerMessageId;
  if (found.kind !== 'candidates') return found.kind;
  const [first, ...more] = found.messages;
  if (first?.equalSince === undefined || more.length > 0) return 'uncertain';
  return first.providerMessageId;
}

export type GatewaySetting = {
  /** By how much the provider's clock is ahead of ours, in ms. */
  readonly providerAhead: number;
};

/** What every gateway does. `make` starts a provider of its own. */
export function messageGatewayContract(
  name: string,
  make: (setting: GatewaySetting) => Promise<GatewaySubject>,
) {
  describe(`${name}, as MessageGateway`, () => {
    let subject: GatewaySubject;
    afterEach(() => subject.close());
    const start = async (providerAhead = 0) => {
      subject = await make({ providerAhead });
      return subject;
    };

    const never = new AbortController().signal;
    const send = (request: MessageRequest, signal = never) =>
      subject.gateway.send(request, subject.secret, signal);
    const window = (): LookUpWindow => ({ from: Date.now() - 5 * SECOND, to: Date.now() });
    const lookUp = (request: MessageRequest) =>
      subject.gateway.lookUp(request, subject.secret, window(), never);

    it('sends a message once, verbatim, and gives its id', async () => {
      await start();
      const body = 'Ünïcode 👍; a semicolon, "quotes"\nand a second line: 100% & more';
      const outcome = await send(subject.request({ body }));
      const [taken, ...more] = subject.accepted();
      expect(more).toEqual([]);
      expect(taken?.body).toBe(body);
      expect(outcome).toEqual({ kind: 'accepted', providerMessageId: taken?.id });
    });

    it('sends many at once and keeps them apart', async () => {
      await start();
      const requests = Array.from({ length: 20 }, (_, i) =>
        subject.request({ guid: `guid-${i}`, to: recipient('delivered', i), body: `Text ${i}` }),
      );
      const outcomes = await Promise.all(requests.map((request) => send(request)));
      const taken = new Map(subject.accepted().map(({ id, body }) => [id, body]));
      expect(
        outcomes.map((outcome) =>
          outcome.kind === 'accepted' ? taken.get(outcome.providerMessageId) : outcome,
        ),
      ).toEqual(requests.map(({ body }) => body));
    });

    it('passes a refusal of the recipient on', async () => {
      await start();
      expect(await send(subject.request({ to: recipient('invalid', 0) }))).toMatchObject({
        kind: 'rejected',
        failure: { class: 'permanent' },
      });
      expect(subject.accepted()).toEqual([]);
    });

    it('tells refused credentials from other refusals', async () => {
      await start();
      const { gateway, request, wrongSecret } = subject;
      const refused = { authentication: true, failure: { class: 'config' } };
      const outcome = await gateway.send(request(), wrongSecret, never);
      expect(outcome).toMatchObject({ kind: 'rejected', ...refused });
      const found = await gateway.lookUp(request(), wrongSecret, window(), never);
      expect(found).toMatchObject({ kind: 'unavailable', ...refused });
      expect(subject.accepted()).toEqual([]);
    });

    it('passes throttling on, with the wish for a pause', async () => {
      await start();
      await subject.treat('throttle');
      expect(await send(subject.request())).toMatchObject({
        kind: 'throttled',
        retryAfterSeconds: 7,
      });
      expect(subject.accepted()).toEqual([]);
    });

    it('knows that a message did not leave when nobody listens', async () => {
      await start();
      await subject.treat('gone');
      expect(await send(subject.request())).toMatchObject({ kind: 'transient' });
      expect(await lookUp(subject.request())).toMatchObject({ kind: 'unavailable' });
    });

    it.each(['fail', 'reset'] as const)(
      'does not know what became of a message after "%s", and finds it absent',
      async (treatment) => {
        await start();
        await subject.treat(treatment);
        expect(await send(subject.request())).toMatchObject({ kind: 'unknown' });
        expect(await lookUp(subject.request())).toMatchObject({
          kind: 'unavailable',
          failure: { class: 'unknown' },
        });
        await subject.treat('ok');
        expect(await lookUp(subject.request())).toEqual({ kind: 'absent' });
      },
    );

    it.each([0, 10 * MINUTE, -10 * MINUTE])(
      'finds a message whose answer was lost, with the provider’s clock %d ms ahead',
      async (providerAhead) => {
        await start(providerAhead);
        await subject.treat('accept-then-reset');
        expect(await send(subject.request())).toMatchObject({ kind: 'unknown' });
        await subject.treat('ok');
        const [taken] = subject.accepted();
        expect(certain(await lookUp(subject.request()))).toBe(taken?.id);
        expect(subject.accepted()).toHaveLength(1);
      },
    );

    it('stops waiting when it is told to, and finds the message', async () => {
      await start();
      await subject.treat('accept-then-hang');
      const stop = new AbortController();
      const taken = subject.whenAccepted();
      const sending = send(subject.request(), stop.signal);
      await taken;
      stop.abort();
      expect(await sending).toMatchObject({ kind: 'unknown' });
      await subject.treat('ok');
      expect(certain(await lookUp(subject.request()))).toBe(subject.accepted()[0]?.id);
    });

    it('does not take another message for the one that is asked for', async () => {
      await start();
      await send(subject.request());
      const other = { guid: 'another-guid' };
      const otherPerson = { ...other, to: recipient('delivered', 7) };
      expect(await lookUp(subject.request(otherPerson))).toEqual({ kind: 'absent' });
      const otherText = subject.request({ ...other, body: 'Another text' });
      // Only a provider that keeps our references can tell that it is another.
      expect(['absent', 'uncertain']).toContain(certain(await lookUp(otherText)));
    });
  });
}
