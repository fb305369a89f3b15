import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Answered } from '../answered.ts';

/** One who takes part in a conversation: a worker by identity, or a customer by address. */
export type Participant = {
  readonly sid: string;
  readonly identity?: string;
  /** The customer's address, as Twilio writes it. */
  readonly address?: string;
  /** A JSON object as text. */
  readonly attributes: string;
};

/** Twilio Conversations, as the callbacks need it. */
export type ConversationsApi = {
  readonly participants: (
    secret: TenantSecret,
    conversationSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<readonly Participant[]>>;
  /** Already being there counts as done. */
  readonly addWorker: (
    secret: TenantSecret,
    conversationSid: string,
    identity: string,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
  readonly setAttributes: (
    secret: TenantSecret,
    conversationSid: string,
    participantSid: string,
    attributes: string,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
};
