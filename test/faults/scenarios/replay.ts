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

/** Posts, lets every message fail for the tenants' wrong tokens, and mends them. */
async function failThenMend(rig: Rig, messages: number): Promise<void> {
  for (const tenant of tenants) {
    const wrong = `wrong-${randomUUID()}`;
    rig.stack.putSecret(tenant, {
      ...simulatorSecret(rig.stack.simUrl, tenant),
      twilio_auth_token: wrong,
      scg_access_token: wrong,
    });
  }
  await rig.post(campaign(messages));
  await rig.drain();
  const { accepted, ...books } = await rig.books();
  if (failures(books) !== accepted) throw new Error(`${failures(books)} of ${accepted} failed`);
  for (const tenant of tenants) {
    rig.stack.putSecret(tenant, simulatorSecret(rig.stack.simUrl, tenant));
  }
  // Nobody has to restart anything: the next refusal fetches the secret anew.
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
    name: 'wrong-token-until-mended-and-replayed',
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
];
