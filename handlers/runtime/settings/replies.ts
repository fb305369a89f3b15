import * as z from 'zod';
import { channels } from '../../../domain/outbound/channel.ts';
import { whole } from '../read-setting.ts';
import { flag, jsonMap, text } from './shapes.ts';

/** What people write back: identities, opt-outs and answers. */
export const repliesShape = {
  /** Seconds for which an identity is remembered for replies. */
  cache_ttl: whole(1).default(2_592_000),
  /** When set, replies carry the sender's address in this field in place of `datahub_id`, and no identity is kept. */
  identity_field: text.default(''),
  /** Tenant of a reply that nothing else names. */
  tenant_id: text.optional(),
  /**
   * What is done about a short reply that contains a word which means STOP and nothing else ("please stop"): it opts
   * out, it is only listed for review, or it is a reply like any other.
   */
  opt_out_phrases: z.enum(['stop', 'flag', 'off']).default('stop'),
  /** Seconds for which every statement of an opt-out or opt-in is kept as proof. */
  opt_out_history_ttl: whole(86_400).default(126_230_400),
  /** Seconds for which a provider's refusal, for an opt-out that we did not hear ourselves, counts as one. */
  learned_opt_out_ttl: whole(1).default(2_592_000),
  /** Name of the external event that reports a reply; without one replies are not reported. */
  twilio_mo_event: text.optional(),
  scg_mo_event: text.optional(),
  /** Whether the text of SCG replies is reported in capitals. */
  scg_mo_body_uppercase: flag,
  /**
   * What Twilio answers to a reply that is no keyword: `none`, `echo`, or a text. Once per person and
   * `answer_window`, and never to someone who opted out.
   */
  twilio_auto_reply: z.string().max(1600, 'is longer than 1,600 characters').default('none'),
  /**
   * Seconds for which a person who got an automatic answer, `help_text` or `twilio_auto_reply`, gets no
   * other of that kind; 0 answers every time.
   */
  answer_window: whole().default(86_400),
  /** Channel by SCG's `sender_id_id`, as events do not name it: `{"Vk0X…":"WHATSAPP"}`. Others are SMS. */
  scg_channels_by_sender: jsonMap(z.enum(channels)),
} as const;
