import { campaign } from '../rig/campaign.ts';
import { until } from '../rig/rig.ts';
import { allSent, type OnRig, onRig } from '../scenario.ts';

const everythingSent = 'Every accepted event is sent, once';

/** What Smart Encoding rewrites, beside quotation marks and dashes. */
const REWRITTEN = 'a \u2022 \u00bd \u00bc \u00be \u00f7 \u00b4 \u201a \u2039 \u203a \u2026 b';

/** Messages `index` and `index + 4` of each eight have the same tenant and provider: they become twins. */
const pairOf = (index: number): number => Math.floor(index / 8) * 4 + (index % 4);

/** An attempt that may have been accepted is looked up before anything is sent again. */
export const doubts: readonly OnRig[] = [
  onRig({
    name: 'sender-changed-while-in-doubt',
    invariant: `${everythingSent}: a copy of an event that was posted again from another sender finds what the first one sent.`,
    happen: async (rig, messages) => {
      const events = campaign(messages, { header: 'FROM:+12025550100;' });
      const again = events.map((event) => ({
        ...event,
        body: event.body.replace('FROM:+12025550100;', 'FROM:+12025550101;'),
      }));
      rig.providers({ mode: 'accept-then-reset' });
      const before = rig.requests();
      await rig.post(events);
      await until(() => rig.requests() - before >= messages, 'the first attempts');
      await rig.post(again);
      await rig.drain();
      rig.providers({});
    },
    check: allSent,
  }),
  onRig({
    name: 'template-accepted-then-hangs',
    invariant: `${everythingSent}: a template that Twilio accepted without an answer is found by the text that its variables give.`,
    happen: async (rig, messages) => {
      const template = (guid: string) =>
        `CHANNEL:WHATSAPP;FROM:MG${'0'.repeat(32)};TEMPLATE:spring_sale;LANGUAGE:en;VAR_1:${guid};VAR_2:3 May;`;
      rig.providers({ mode: 'accept-then-hang', rate: 0.3 });
      await rig.post(campaign(messages, { provider: 'twilio', text: template }));
      await rig.drain();
      rig.providers({});
    },
    check: allSent,
  }),
  onRig({
    name: 'smart-encoding-in-doubt',
    invariant: `${everythingSent}: a text that the provider rewrote is found.`,
    happen: async (rig, messages) => {
      const text = (guid: string) => `${REWRITTEN} ${guid}`;
      rig.providers({ mode: 'accept-then-reset', smartEncoding: true });
      await rig.post(campaign(messages, { text }));
      await rig.drain();
      rig.providers({});
    },
    check: allSent,
  }),
  onRig({
    name: 'twins-in-doubt',
    invariant: `${everythingSent}: of two equal texts to one number, the one that was refused is not taken for the other, even if that one was accepted late and its response is lost.`,
    // Two of five attempts are refused: none of them is to be the last one.
    settings: { max_attempts: '100' },
    happen: async (rig, messages) => {
      rig.providers({ mode: 'status', status: 503, on: 'sends', rate: 0.4, callbacks: 'normal' });
      const round = `${Date.now()}`;
      await rig.post(
        campaign(messages, {
          recipientNo: pairOf,
          text: (_, index) => `Hello; twin ${pairOf(index)} of ${round}`,
        }),
      );
      await rig.drain();
      rig.providers({});
    },
    check: allSent,
  }),
];
