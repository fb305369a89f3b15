import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../domain/clock.ts';

/** Twilio's ids: two letters and 32 hex digits. */
export const newSid = (prefix: string): string => `${prefix}${randomUUID().replaceAll('-', '')}`;

export type Participant = {
  readonly sid: string;
  readonly identity: string | null;
  readonly binding: {
    readonly type: string;
    readonly address: string;
    readonly proxy_address: string;
  } | null;
  attributes: string;
};
export type Message = {
  readonly sid: string;
  readonly index: number;
  readonly author: string;
  readonly body: string;
  readonly at: string;
};
export type Conversation = {
  readonly sid: string;
  readonly accountSid: string;
  friendlyName: string | null;
  attributes: string;
  state: 'active' | 'closed';
  readonly participants: Participant[];
  readonly messages: Message[];
};
export type Interaction = {
  readonly sid: string;
  readonly channelSid: string;
  readonly taskSid: string;
  readonly conversationSid: string;
  readonly attributes: Record<string, unknown>;
  status: 'active' | 'closed' | 'failed';
};
export type ChatChannel = {
  readonly sid: string;
  readonly serviceSid: string;
  readonly flowSid: string;
  readonly identity: string;
  readonly at: string;
  readonly taskSid: string | null;
  attributes: string;
  readonly messages: Message[];
};
export type Session = {
  readonly sid: string;
  readonly serviceSid: string;
  readonly uniqueName: string;
  readonly at: string;
  status: 'open' | 'closed';
};

/** What Flex, Conversations, Chat and Proxy know together: an interaction opens a conversation, a session names a chat channel. */
export class AgentsWorld {
  readonly conversations = new Map<string, Conversation>();
  readonly interactions = new Map<string, Interaction>();
  readonly channels = new Map<string, ChatChannel>();
  readonly sessions = new Map<string, Session>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): string {
    return new Date(this.#clock()).toISOString();
  }

  /** The active conversation in which a customer writes with a number of the account's. */
  bound(accountSid: string, address: string, proxyAddress: string): Conversation | undefined {
    return [...this.conversations.values()].find(
      (conversation) =>
        conversation.accountSid === accountSid &&
        conversation.state === 'active' &&
        conversation.participants.some(
          ({ binding }) => binding?.address === address && binding.proxy_address === proxyAddress,
        ),
    );
  }

  openConversation(accountSid: string, address: string, proxyAddress: string): Conversation {
    const conversation: Conversation = {
      sid: newSid('CH'),
      accountSid,
      friendlyName: null,
      attributes: '{}',
      state: 'active',
      participants: [this.customer(address, proxyAddress)],
      messages: [],
    };
    this.conversations.set(conversation.sid, conversation);
    return conversation;
  }

  customer(address: string, proxyAddress: string): Participant {
    const type = address.startsWith('whatsapp:') ? 'whatsapp' : 'sms';
    return {
      sid: newSid('MB'),
      identity: null,
      binding: { type, address, proxy_address: proxyAddress },
      attributes: '{}',
    };
  }

  addMessage(to: { readonly messages: Message[] }, author: string, body: string): Message {
    const message = {
      sid: newSid('IM'),
      index: to.messages.length,
      author,
      body,
      at: this.now(),
    };
    to.messages.push(message);
    return message;
  }

  forget(): void {
    this.conversations.clear();
    this.interactions.clear();
    this.channels.clear();
    this.sessions.clear();
  }
}
