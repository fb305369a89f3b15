import type { Fault } from '../../../local/simulators/fault.ts';
import { campaign } from '../rig/campaign.ts';
import { until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig, type RigScenario } from '../scenario.ts';

const everythingSent = 'Every accepted event is sent, once.';

/** A share of the requests meets the fault, throughout. */
const partly = (name: string, invariant: string, fault: Partial<Fault>): OnRig =>
  onRig({
    name,
    invariant,
    happen: async (rig, messages) => {
      rig.providers(fault);
      await rig.post(campaign(messages));
      await rig.drain();
      rig.providers({});
    },
    check: allSent,
  });

/** All requests meet the fault until each message has met it about `times` times. */
const untilMended = (name: string, fault: Partial<Fault>, times: number): RigScenario => ({
  name,
  invariant: everythingSent,
  happen: async (rig, messages) => {
    rig.providers(fault);
    const before = rig.requests();
    await rig.post(campaign(messages));
    await until(() => rig.requests() - before >= times * messages, 'attempts');
    rig.providers({});
  },
  check: allSent,
});

export const provider: readonly OnRig[] = [
  partly('provider-times-out', `${everythingSent} What timed out is looked up, not found, sent.`, {
    mode: 'hang',
    on: 'sends',
    rate: 0.3,
  }),
  partly('provider-accepts-then-resets', `${everythingSent} What was accepted is found.`, {
    mode: 'accept-then-reset',
    rate: 0.5,
  }),
  partly('provider-accepts-then-hangs', `${everythingSent} What was accepted is found.`, {
    mode: 'accept-then-hang',
    rate: 0.3,
  }),
  partly('provider-accepts-then-500', `${everythingSent} What was accepted is found.`, {
    mode: 'accept-then-status',
    status: 500,
    rate: 0.5,
  }),
  onRig({
    name: 'provider-502-not-json',
    invariant: everythingSent,
    happen: async (rig, messages) => {
      await rig.post(campaign(messages, { behaviour: 'bad-gateway-once' }));
    },
    check: allSent,
  }),
  onRig(untilMended('provider-429-storm', { mode: 'status', status: 429, on: 'sends' }, 4)),
  onRig(
    untilMended(
      'provider-429-storm-retry-after',
      { mode: 'status', status: 429, retryAfter: 1, on: 'sends' },
      2,
    ),
  ),
  // The longest wait between attempts is 2 s here and 900 s in production: 4 s stand for half an hour.
  onRig(untilMended('provider-down-30-minutes', { mode: 'status', status: 503 }, 4)),
  onRig({
    name: 'token-rotated-mid-campaign',
    invariant: `${everythingSent} The new token is fetched when the old one is refused.`,
    happen: async (rig, messages) => {
      const events = campaign(messages);
      await rig.post(events.slice(0, messages / 2));
      rig.rotateTokens();
      await rig.post(events.slice(messages / 2));
    },
    check: allSent,
  }),
];

/** With settings of their own: the provider is slower than the lease is long. */
export const slowProvider: readonly OnRig[] = [
  onRig({
    name: 'lease-outlived-by-slow-provider',
    invariant: `${everythingSent} The answer comes after the lease; the grace is longer than the answer is late.`,
    // An attempt may be written just before it is given up: the grace has to cover all of the provider's delay.
    settings: { provider_timeout: '60000', in_doubt_grace: '16' },
    happen: async (rig, messages) => {
      const before = rig.requests();
      rig.providers({ latencyMs: 10_500 });
      await rig.post(campaign(messages));
      await until(() => rig.requests() - before >= messages, 'the first attempts');
      rig.providers({});
    },
    check: allSent,
  }),
];
