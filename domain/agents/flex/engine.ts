import * as z from 'zod';
import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Credentials } from '../../tenant/use-secret.ts';
import type { Answered, NotDone } from '../answered.ts';
import type { AddressKind } from '../contacts/address.ts';
import type { Settings } from '../settings.ts';

/** A customer, and the number of the tenant that agents write from. Numbers in E.164 without a prefix. */
export type Pair = { readonly kind: AddressKind; readonly from: string; readonly to: string };

/** What an agent's screen asks to open. */
export type OpenRequest = Pair & {
  /** `task`: a task for an agent. `message`: a channel whose replies an automated flow handles. */
  readonly purpose: 'task' | 'message';
  readonly toName: string;
  /** The chat that the task originates from. */
  readonly sourceChannelId?: string;
  /** The worker who gets the task. */
  readonly workerId?: string;
};

/** What was opened. Only the engine that opened it reads `sids`. */
export const openedSchema = z.object({
  engine: z.string(),
  sids: z.record(z.string(), z.string()),
  /** The documented parts of the response, without message text: `chatChannel`, `proxySession`, … */
  shown: z.record(z.string(), z.unknown()),
});
export type Opened = z.infer<typeof openedSchema>;

/** A resource that could not be closed, listed for whoever has to close it. */
export type LeftOpen = { readonly kind: string; readonly sid: string };

export type OpenResult =
  | { readonly kind: 'opened'; readonly opened: Opened }
  /** Everything that was opened before the failed step is closed again, except `leftOpen`. */
  | {
      readonly kind: 'failed';
      readonly step: string;
      readonly why: NotDone;
      readonly leftOpen: readonly LeftOpen[];
    }
  /** The pair already has a conversation that this service did not open. */
  | { readonly kind: 'taken'; readonly code: string; readonly conversationId?: string }
  /** A setting is missing or wrong; `issue` is a sentence that names it. */
  | { readonly kind: 'misconfigured'; readonly issue: string };

export type OpenContext = {
  readonly signal: AbortSignal;
  /** The customer's identity in chat: a new one for this call, and a permanent one for the pair. */
  readonly identities: { readonly fresh: string; readonly lasting: string };
  /** True if an earlier call may have opened something without recording it. */
  readonly inDoubt: boolean;
  /** Records what is open after each step, so that it is found again after a crash. */
  readonly progress: (opened: Opened) => Promise<void>;
};

/** The contact center of one tenant: opens tasks and channels to customers, and writes in them. */
export type FlexEngine = {
  readonly open: (request: OpenRequest, context: OpenContext) => Promise<OpenResult>;
  readonly isOpen: (opened: Opened, signal: AbortSignal) => Promise<Answered<boolean>>;
  /** Writes to the customer; returns the documented `chatMessage`. */
  readonly say: (
    opened: Opened,
    body: string,
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
  /** Closes what was opened; returns what could not be closed. */
  readonly close: (opened: Opened, signal: AbortSignal) => Promise<readonly LeftOpen[]>;
  /** Present if a message without a task needs no channel. */
  readonly sendDirectly?: (
    message: Pair & { readonly body: string },
    signal: AbortSignal,
  ) => Promise<Answered<ChatMessage>>;
};

/** The documented `chatMessage` without its text. */
export const chatMessageSchema = z.object({ sid: z.string() }).catchall(z.unknown());
export type ChatMessage = z.infer<typeof chatMessageSchema>;

export type SessionPage =
  | { readonly kind: 'page'; readonly sids: readonly string[]; readonly next?: string }
  | { readonly kind: 'failed'; readonly step: string; readonly why: NotDone };

/** The sessions between agents and customers that a tenant has open. */
export type FlexSessions = {
  /** A page of sessions: the first one, or the one that the page before names as `next`. */
  readonly page: (next: string | undefined, signal: AbortSignal) => Promise<SessionPage>;
  /** Ends a session of the last page and its chat. False if that failed. */
  readonly end: (sid: string, signal: AbortSignal) => Promise<boolean>;
};

/** The tenant for which a call is made. */
export type FlexTenant = { readonly secret: TenantSecret; readonly credentials: Credentials };

/** Flex as a tenant's secret sets it up. `issue` names the key that is missing or wrong. */
export type Flex = {
  readonly engineOf: (tenant: FlexTenant) => Settings<FlexEngine>;
  readonly sessionsOf: (tenant: FlexTenant) => Settings<FlexSessions>;
};
