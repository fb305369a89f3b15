import type { Credentials } from '../../tenant/use-secret.ts';
import type { Answered } from '../answered.ts';

/** A participant of a conversation: a worker, by identity, or a customer, by address. */
export type Participant = {
  readonly id: string;
  readonly identity?: string;
  /** The customer's address, with its channel's prefix. */
  readonly address?: string;
  /** A JSON object as text. */
  readonly attributes: string;
};

/** The conversations of one tenant. */
export type Conversations = {
  readonly participants: (
    conversationId: string,
    signal: AbortSignal,
  ) => Promise<Answered<readonly Participant[]>>;
  /** A worker who already takes part counts as done. */
  readonly addWorker: (
    conversationId: string,
    identity: string,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
  readonly setAttributes: (
    participant: { readonly conversationId: string; readonly participantId: string },
    attributes: string,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
};

export type ConversationsOf = (credentials: Credentials) => Conversations;
