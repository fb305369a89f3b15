import * as z from 'zod';
import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Answered } from '../answered.ts';
import type { AddressKind } from '../contacts/address.ts';

/** A customer and the number of ours they are written to from. Numbers in E.164, no prefix. */
export type Pair = { readonly kind: AddressKind; readonly from: string; readonly to: string };

/** What an agent's screen asks to have opened. */
export type OpenRequest = Pair & {
  /** `task`: a task for an agent. `message`: a channel whose replies a Studio flow handles. */
  readonly purpose: 'task' | 'message';
  readonly toName: string;
  readonly sourceChatChannelSid?: string;
  readonly targetWorkerSid?: string;
};

/** What was opened, by the other side's ids. An engine reads its own. */
export const openedSchema = z.object({
  engine: z.enum(['interactions', 'legacy']),
  sids: z.record(z.string(), z.string()),
  /** The answer's documented parts, without message text: `chatChannel`, `proxySession`, … */
  shown: z.record(z.string(), z.unknown()),
});
export type Opened = z.infer<typeof openedSchema>;

/** One thing that could not be closed again, for the one who must. */
export type LeftOpen = { readonly kind: string; readonly sid: string };

export type OpenResult =
  | { readonly kind: 'opened'; readonly opened: Opened }
  /** What had been opened before the step was undone, but for `leftOpen`. */
  | {
      readonly kind: 'failed';
      readonly step: string;
      readonly why: Exclude<Answered<never>, { kind: 'done' }>;
      readonly leftOpen: readonly LeftOpen[];
    }
  /** The other side has this pair open already, and not through us. `reference` is its conversation. */
  | { readonly kind: 'taken'; readonly reference?: string }
  /** Nothing can be opened until an operator mends a setting; a sentence that names it. */
  | { readonly kind: 'misconfigured'; readonly status: number; readonly issue: string };

export type OpenContext = {
  readonly secret: TenantSecret;
  readonly signal: AbortSignal;
  /** Identities for the customer's side of a chat channel: new for this call, and the pair's own for good. */
  readonly identities: { readonly fresh: string; readonly lasting: string };
  /** True when an earlier call may have opened something and could not say what. */
  readonly inDoubt: boolean;
  /** Told after each step what is open now, so that it can be found again after a crash. */
  readonly progress: (opened: Opened) => Promise<void>;
};

/** One way to reach customers from Flex. Only `open` opens anything; what it says is `failed` has been undone. */
export type FlexEngine = {
  readonly open: (request: OpenRequest, context: OpenContext) => Promise<OpenResult>;
  readonly isOpen: (
    opened: Opened,
    secret: TenantSecret,
    signal: AbortSignal,
  ) => Promise<Answered<boolean>>;
  /** Writes to the customer; gives back the documented `chatMessage`. */
  readonly say: (
    opened: Opened,
    body: string,
    secret: TenantSecret,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
  /** Closes what was opened and gives back what could not be. */
  readonly close: (
    opened: Opened,
    secret: TenantSecret,
    signal: AbortSignal,
  ) => Promise<readonly LeftOpen[]>;
  /** Set where a message without a task needs no channel of its own. */
  readonly sendDirectly?: (
    message: Pair & { readonly body: string },
    secret: TenantSecret,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
};

/** The documented `chatMessage`, as far as it holds no text. */
export const chatMessageSchema = z.object({ sid: z.string() }).catchall(z.unknown());
export type ChatMessage = z.infer<typeof chatMessageSchema>;

export type Interaction = {
  readonly interactionSid: string;
  readonly channelSid: string;
  readonly conversationSid?: string;
  readonly taskSid?: string;
};

/** Flex Interactions and the Conversations under them. https://www.twilio.com/docs/flex/developer/conversations/interactions-api */
export type InteractionsApi = {
  readonly create: (
    secret: TenantSecret,
    request: OpenRequest,
    signal: AbortSignal,
  ) => Promise<Answered<Interaction>>;
  readonly channel: (
    secret: TenantSecret,
    interaction: Pick<Interaction, 'interactionSid' | 'channelSid'>,
    signal: AbortSignal,
  ) => Promise<
    Answered<{
      readonly status: string;
      readonly errorCode?: string;
      readonly conversationSid?: string;
      readonly taskSid?: string;
    }>
  >;
  readonly closeChannel: (
    secret: TenantSecret,
    interaction: Pick<Interaction, 'interactionSid' | 'channelSid'>,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
  readonly addMessage: (
    secret: TenantSecret,
    conversationSid: string,
    body: string,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
  /** A plain message, whose reply the number's own flow handles. */
  readonly sendMessage: (
    secret: TenantSecret,
    message: Pair & { readonly body: string },
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
};

export type FlexFlow = {
  readonly sid: string;
  readonly chatServiceSid: string;
  /** The flow goes on using one chat channel for a contact. */
  readonly longLived: boolean;
};

/** A resource as the other side shows it: its sid, and all of it in the documented camel case. */
export type Shown = { readonly sid: string; readonly shown: Readonly<Record<string, unknown>> };
export type ProxySession = Shown & { readonly uniqueName: string | null; readonly status: string };

/** Programmable Chat and Proxy, on which Flex stood before Conversations. */
export type LegacyApi = {
  /** The Flex Flow for a number, whether `enabled` or not: an outbound flow stands disabled beside an enabled one. */
  readonly findFlow: (
    secret: TenantSecret,
    integration: 'task' | 'studio',
    number: string,
    signal: AbortSignal,
  ) => Promise<Answered<FlexFlow | null>>;
  readonly createChannel: (
    secret: TenantSecret,
    flow: FlexFlow,
    channel: { readonly identity: string; readonly request: OpenRequest },
    signal: AbortSignal,
  ) => Promise<Answered<Shown>>;
  /** The channel of a chat user, for a call whose answer was lost. */
  readonly findChannel: (
    secret: TenantSecret,
    chatServiceSid: string,
    identity: string,
    signal: AbortSignal,
  ) => Promise<Answered<Shown | null>>;
  /** False once it is INACTIVE or gone. */
  readonly channelIsActive: (
    secret: TenantSecret,
    chatServiceSid: string,
    channelSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<boolean>>;
  /** A channel that the service does not have counts as done. */
  readonly deactivateChannel: (
    secret: TenantSecret,
    chatServiceSid: string,
    channelSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
  /** An open session whose unique name begins with the channel's sid. */
  readonly findSession: (
    secret: TenantSecret,
    channelSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<ProxySession | null>>;
  readonly session: (
    secret: TenantSecret,
    sessionSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<ProxySession | null>>;
  readonly createSession: (
    secret: TenantSecret,
    channelSid: string,
    request: OpenRequest,
    signal: AbortSignal,
  ) => Promise<Answered<ProxySession>>;
  /** Closes and deletes it; being gone counts as done. */
  readonly removeSession: (
    secret: TenantSecret,
    sessionSid: string,
    signal: AbortSignal,
  ) => Promise<Answered<null>>;
  /** One page of sessions and the token of the next. */
  readonly sessions: (
    secret: TenantSecret,
    pageToken: string | undefined,
    signal: AbortSignal,
  ) => Promise<Answered<{ readonly sessions: readonly ProxySession[]; readonly next?: string }>>;
  readonly chatServiceSids: (
    secret: TenantSecret,
    signal: AbortSignal,
  ) => Promise<Answered<readonly string[]>>;
  readonly addMessage: (
    secret: TenantSecret,
    chatServiceSid: string,
    channelSid: string,
    body: string,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
};
