import type { TenantSecret } from '../../tenant/tenant-secret.ts';
import type { Contact, ContactDraft, Template } from './contact.ts';

/**
 * Where a tenant's contacts are written: Airtable, or our own table. Throws `Unavailable` if it may succeed
 * later, otherwise `SourceRefused`.
 */
export type ContactSource = {
  /** True if the source is our own table, so that nothing has to be copied. */
  readonly isCopy: boolean;
  /** The contacts in pages: all, or those changed since a time (ms since 1970). */
  readonly pages: (signal: AbortSignal, since?: number) => AsyncIterable<readonly Contact[]>;
  readonly templates: (signal: AbortSignal) => Promise<readonly Template[]>;
  readonly create: (draft: ContactDraft, signal: AbortSignal) => Promise<Contact>;
  /** False if there is no such contact. */
  readonly remove: (id: string, signal: AbortSignal) => Promise<boolean>;
  /** Shows an opt-out with the contact. False if there is no such contact. */
  readonly showOptOut: (id: string, optedOut: boolean, signal: AbortSignal) => Promise<boolean>;
};

/** The source that a tenant's secret names. Throws `SourceRefused` if the secret is wrong. */
export type SourceOf = (tenantId: string, secret: TenantSecret) => ContactSource;

/** The source rejected the request: an operator has to fix a token, table or column. */
export class SourceRefused extends Error {
  readonly code = 'contacts-refused';
  /** The source's HTTP status; 0 if it was not called. */
  readonly status: number;
  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}

export type ContactPage = {
  readonly contacts: readonly Contact[];
  /** True if there is another page after the last contact. */
  readonly more: boolean;
};

export type PageQuery = {
  readonly owner: string;
  /** Id of the last contact of the previous page. */
  readonly after?: string;
  readonly limit: number;
  /** Part of a name, case-insensitive. */
  readonly search?: string;
};

/** How recent a tenant's copy is. Times in ms since 1970. */
export type CopyState = {
  readonly requestedAt?: number;
  /** When the refresh started that the copy now shows. */
  readonly refreshedAt?: number;
  /** The same for the last full refresh, which also detects deletions. */
  readonly fullAt?: number;
};

/**
 * The copy of every tenant's contacts, which serves all reads. A write carries the time of its data and never
 * replaces newer data, so that a slow refresh cannot undo an agent's change. A removed contact keeps its place
 * in the list for a day, so that a page can start after it.
 */
export type ContactCopy = {
  readonly get: (tenantId: string, id: string) => Promise<Contact | undefined>;
  /** The contact that had this id in an earlier connector. */
  readonly findByFormerId: (tenantId: string, formerId: string) => Promise<Contact | undefined>;
  /** The contact with this number (E.164, no prefix), one with an owner first. */
  readonly findByNumber: (tenantId: string, number: string) => Promise<Contact | undefined>;
  /** An owner's contacts by name. The page after an unknown id is empty. */
  readonly page: (tenantId: string, query: PageQuery) => Promise<ContactPage>;
  readonly all: (tenantId: string) => AsyncIterable<readonly Contact[]>;
  /** False if the copy has newer data. */
  readonly put: (tenantId: string, contact: Contact, asOf: number) => Promise<boolean>;
  readonly remove: (tenantId: string, id: string, asOf: number) => Promise<boolean>;
  readonly templates: (tenantId: string) => Promise<readonly Template[]>;
  readonly putTemplates: (tenantId: string, templates: readonly Template[]) => Promise<void>;
  readonly state: (tenantId: string) => Promise<CopyState>;
  /** Records that a refresh is requested. False if one was requested since `notSince`. */
  readonly claimRefresh: (tenantId: string, now: number, notSince: number) => Promise<boolean>;
  /** Records that a refresh that started at `startedAt` is complete. Times never go back. */
  readonly refreshed: (tenantId: string, startedAt: number, full: boolean) => Promise<void>;
  /** Tenants that have ever requested a refresh. */
  readonly tenants: () => Promise<readonly string[]>;
};

/** Work on contacts for which an agent need not wait; a queue. */
export type ContactJob =
  /** `askedAt`, ms since 1970: a copy that was refreshed since needs no refresh. */
  | { readonly kind: 'refresh'; readonly tenantId: string; readonly askedAt: number }
  | { readonly kind: 'show-opt-out'; readonly tenantId: string; readonly number: string };

export type ContactJobs = { readonly add: (job: ContactJob) => Promise<void> };
