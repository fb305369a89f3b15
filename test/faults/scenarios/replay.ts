import { randomUUID } from 'node:crypto';
import { simulatorSecret } from '../../../local/simulators/credentials.ts';
import { is } from '../rig/aws-calls.ts';
import { failures } from '../rig/books.ts';
import { campaign, tenants } from '../rig/campaign.ts';
import type { Rule } from '../rig/fault-proxy.ts';
import { operator } from '../rig/operator.ts';
import { type Rig, until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

const settings = {
  secret_cache_ttl: '1',
  replay_slice_seconds: '5',
  replay_poll_seconds: '1',
  // An attempt that times out is in doubt, and with a wrong token nobody can be asked about it: it waits.
  provider_timeout: '10000',
};

function giveWrongTokens(rig: Rig): void {
  for (const tenant of tenants) {
    const wrong = `wrong-${randomUUID()}`;
    rig.stack.putSecret(tenant, {
      ...simulatorSecret(rig.stack.simUrl, tenant),
      twilio_auth_token: wrong,
      scg_access_token: wrong,
    });
  }
}

/** Nobody has to restart anything: the next refusal fetches the secret again. */
function giveGoodTokens(rig: Rig): void {
  for (const tenant of tenants) {
    rig.stack.putSecret(tenant, simulatorSecret(rig.stack.simUrl, tenant));
  }
}

async function allFailed(rig: Rig): Promise<void> {
  const { accepted, ...books } = await rig.books();
  if (failures(books) !== accepted) throw new Error(`${failures(books)} of ${accepted} failed`);
}

/** Posts, lets every message fail for the tenants' wrong tokens, and gives them good ones. */
async function failThenMend(rig: Rig, messages: number): Promise<void> {
  giveWrongTokens(rig);
  await rig.post(campaign(messages));
  await rig.drain();
  await allFailed(rig);
  giveGoodTokens(rig);
}

/** Waits for replays; one that broke off is resumed, as its operator would. */
async function seeThrough(rig: Rig, replayIds: readonly string[]): Promise<void> {
  const desk = operator(rig.stack.url);
  await Promise.all(
    replayIds.map(async (id) => {
      for (let tries = 0; (await desk.ended(id)) !== 'completed' && tries < 5; tries += 1) {
        await desk.resume(id);
      }
    }),
  );
}

const everythingSent = 'Every message that failed is sent by the replay, once';

export const replay: readonly OnRig[] = [
  onRig({
    name: 'wrong-token-until-fixed-and-replayed',
    invariant: `${everythingSent}.`,
    settings,
    happen: async (rig, messages) => {
      await failThenMend(rig, messages);
      const replays = await operator(rig.stack.url).replayAll();
      await seeThrough(
        rig,
        replays.map(({ replayId }) => replayId),
      );
    },
    check: allSent,
  }),
  onRig({
    name: 'replay-during-new-traffic',
    invariant: `${everythingSent}, and so is the new traffic.`,
    settings,
    happen: async (rig, messages) => {
      const half = Math.floor(messages / 2);
      await failThenMend(rig, half);
      const [replays] = await Promise.all([
        operator(rig.stack.url).replayAll(),
        rig.post(campaign(messages - half)),
      ]);
      await seeThrough(
        rig,
        replays.map(({ replayId }) => replayId),
      );
    },
    check: allSent,
  }),
  onRig({
    name: 'replay-killed-in-the-middle',
    invariant: `${everythingSent}, though its function dies between claiming and requeueing, and after requeueing.`,
    settings,
    happen: async (rig, messages) => {
      await failThenMend(rig, messages);
      let deaths = 0;
      const kill = () => {
        deaths += 1;
        return rig.stack.kill('replay');
      };
      // Its batches to the queue are the only ones: the first never arrives, the answer to the third is lost.
      let batches = 0;
      const rule: Rule = (call) => {
        if (!is('SQS', 'SendMessageBatch')(call)) return undefined;
        batches += 1;
        if (batches === 1) return { kind: 'before', happens: kill };
        return batches === 3 ? { kind: 'after', happens: kill } : undefined;
      };
      rig.proxy.meet(rule);
      const replays = await operator(rig.stack.url).replayAll();
      await until(() => deaths > 0, 'the replay to die');
      await seeThrough(
        rig,
        replays.map(({ replayId }) => replayId),
      );
      rig.proxy.meet(undefined);
    },
    check: allSent,
  }),
  onRig({
    name: 'two-replays-at-once',
    invariant: `${everythingSent}, though two replays want it.`,
    settings,
    happen: async (rig, messages) => {
      await failThenMend(rig, messages);
      const desk = operator(rig.stack.url);
      const replays = (await Promise.all([desk.replayAll(), desk.replayAll()])).flat();
      await seeThrough(
        rig,
        replays.map(({ replayId }) => replayId),
      );
    },
    check: allSent,
  }),
  onRig({
    name: 'unknown-code-replayed',
    invariant: `${everythingSent}, though the provider refused it with a code that no table has.`,
    settings,
    happen: async (rig, messages) => {
      for (const [name, code] of [
        ['twilio', 29_999],
        ['scg', 49_999],
      ] as const) {
        rig.stack.simulators.setFault(name, {
          callbacks: 'never',
          mode: 'status',
          status: 400,
          code,
        });
      }
      await rig.post(campaign(messages));
      await rig.drain();
      await allFailed(rig);
      rig.providers({});
      const replays = await operator(rig.stack.url).replayAll();
      await seeThrough(
        rig,
        replays.map(({ replayId }) => replayId),
      );
    },
    check: allSent,
  }),
  tokenDies(),
];

/** A replay whose tenant's token dies when half of it is sent, and what the replay did about it. */
function tokenDies(): OnRig {
  let endings: string[] = [];
  return onRig({
    name: 'token-dies-mid-replay',
    invariant:
      'A replay whose token dies in its middle stops before it has tried the rest; everything is sent once the token is good again.',
    settings,
    happen: async (rig, messages) => {
      await failThenMend(rig, messages);
      const desk = operator(rig.stack.url);
      const replays = await desk.replayAll({ rate: 40, maxFailureRate: 0.5 });
      await until(
        async () => (await rig.outside().acceptedMessages()).length >= messages / 2,
        'half of the replays',
      );
      giveWrongTokens(rig);
      endings = await Promise.all(
        replays.map(async ({ replayId }) => {
          const status = await desk.ended(replayId);
          const { failedAgain } = await desk.look(replayId);
          const rest = messages / tenants.length / 2;
          // A window has to fill before it can tell: a replay of a few may end before.
          const isSmall = rest < 100;
          return isSmall || (status === 'stopped' && failedAgain < rest)
            ? ''
            : `a replay was ${status} after ${failedAgain} failures of about ${rest}`;
        }),
      );
      await rig.drain();
      giveGoodTokens(rig);
      const rest = await desk.replayAll();
      await seeThrough(
        rig,
        rest.map(({ replayId }) => replayId),
      );
    },
    check: (books) => [...allSent(books), ...endings.filter((ending) => ending !== '')],
  });
}
