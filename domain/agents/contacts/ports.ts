import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Contact, ContactDraft, Template } from './contact.ts';

/**
 * Where a tenant's contacts are written: Airtable, or our own table. Throws `Unavailable` when it
 * cannot answer now, `SourceRefused` when it will not.
 */
export type ContactSource = {
  /** True when the source is our own table, so that there is nothing to copy. */
  readonly isCopy: boolean;
  /** The contacts in pages: all, or those changed since a time (ms since 1970). */
  readonly pages: (signal: AbortSignal, since?: number) => AsyncIterable<readonly Contact[]>;
  readonly templates: (signal: AbortSignal) => Promise<readonly Template[]>;
  readonly create: (draft: ContactDraft, signal: AbortSignal) => Promise<Contact>;
  /** False when it has no such contact. */
  readonly remove: (id: string, signal: AbortSignal) => Promise<boolean>;
  /** Shows an opt-out beside the contact. False when it has no such contact. */
  readonly showOptOut: (id: string, optedOut: boolean, signal: AbortSignal) => Promise<boolean>;
};

/** The source that a tenant's secret names. Throws `SourceRefused` when the secret is wrong. */
export type SourceOf = (tenantId: string, secret: TenantSecret) => ContactSource;

/** The source has an answer and it is no: a token, table or column that needs an operator. */
export class SourceRefused extends Error {
  readonly code = 'contacts-refused';
  /** The source's HTTP status; 0 where it was not asked. */
  readonly status: number;
  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

export type ContactPage = {
  readonly contacts: readonly Contact[];
  /** True when there is another page after the last contact. */
  readonly more: boolean;
};

export type PageQuery = {
  readonly owner: string;
  /** Id of the last contact of the page before. */
  readonly after?: string;
  readonly limit: number;
  /** Part of a name, without regard to case. */
  readonly search?: string;
};

/** How far a tenant's copy is. Times in ms since 1970. */
export type CopyState = {
  readonly requestedAt?: number;
  /** When the reading began of what the copy now shows. */
  readonly refreshedAt?: number;
  /** As above, for the last reading of everything, which also finds what was deleted. */
  readonly fullAt?: number;
};

/**
 * The copy of every tenant's contacts, from which all reads are answered. Writes carry the time as of
 * which they are true and never replace what is newer, so that a slow refresh cannot undo an agent's
 * work. What was removed leaves its place in the list behind for a day, so that a page can follow it.
 */
export type ContactCopy = {
  readonly get: (tenantId: string, id: string) => Promise<Contact | undefined>;
  /** The contact that had this id in an earlier connector. */
  readonly findByFormerId: (tenantId: string, formerId: string) => Promise<Contact | undefined>;
  /** The contact with this number (E.164, no prefix), one with an owner first. */
  readonly findByNumber: (tenantId: string, number: string) => Promise<Contact | undefined>;
  /** An owner's contacts by name. Nothing follows an id that was never there. */
  readonly page: (tenantId: string, query: PageQuery) => Promise<ContactPage>;
  readonly all: (tenantId: string) => AsyncIterable<readonly Contact[]>;
  /** False when a newer write stands. */
  readonly put: (tenantId: string, contact: Contact, asOf: number) => Promise<boolean>;
  readonly remove: (tenantId: string, id: string, asOf: number) => Promise<boolean>;
  readonly templates: (tenantId: string) => Promise<readonly Template[]>;
  readonly putTemplates: (tenantId: string, templates: readonly Template[]) => Promise<void>;
  readonly state: (tenantId: string) => Promise<CopyState>;
  /** Notes that a refresh is wanted. False when one was since `notSince`: somebody else has asked. */
  readonly claimRefresh: (tenantId: string, now: number, notSince: number) => Promise<boolean>;
  /** Notes what a refresh that began at `startedAt` has read. Times never go back. */
  readonly refreshed: (tenantId: string, startedAt: number, full: boolean) => Promise<void>;
  /** Tenants that have ever asked for a refresh. */
  readonly tenants: () => Promise<readonly string[]>;
};

/** Work on contacts that an agent need not wait for; a queue. */
export type ContactJob =
  /** `askedAt`, ms since 1970: a copy that was read since needs no refresh. */
  | { readonly kind: 'refresh'; readonly tenantId: string; readonly askedAt: number }
  | { readonly kind: 'show-opt-out'; readonly tenantId: string; readonly number: string };

export type ContactJobs = { readonly add: (job: ContactJob) => Promise<void> };
