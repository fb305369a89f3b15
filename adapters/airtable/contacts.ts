import * as z from 'zod';
import { type ContactSource, SourceRefused } from '../../domain/agents/contacts/ports.ts';
import type { Numbering } from '../../domain/outbound/phone-number.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import type { Airtable } from './client.ts';
import { type AirtableRecord, fromDraft, recordSchema, toContact, toTemplate } from './fields.ts';
import { changedSince } from './formula.ts';
import type { AirtableSettings } from './settings.ts';

const PAGE_SIZE = '100';
/** How often a page is requested; after a throttled request, the next waits until the penalty is over. */
const TRIES = 3;

const listSchema = z.object({ records: z.array(recordSchema), offset: z.string().optional() });
const deletedSchema = z.object({ deleted: z.boolean() });

/** A tenant's contacts in its Airtable base. https://airtable.com/developers/web/api */
export function airtableContacts(
  airtable: Airtable,
  settings: AirtableSettings,
  numbering: Numbering,
): ContactSource {
  const { airtable_customers_table: table, airtable_templates_table: templatesTable } = settings;

  const page = async (
    from: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => {
    for (let tried = 1; ; tried++) {
      try {
        return await airtable(settings, { method: 'GET', table: from, query }, listSchema, signal);
      } catch (error) {
        if (!(error instanceof Unavailable) || tried === TRIES || signal.aborted) throw error;
      }
    }
  };

  async function* list(
    from: string,
    query: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<readonly AirtableRecord[]> {
    let offset: string | undefined;
    do {
      const at = { pageSize: PAGE_SIZE, ...query, ...(offset ? { offset } : {}) };
      const { records, offset: next } = await page(from, at, signal);
      yield records;
      offset = next;
    } while (offset !== undefined);
  }

  const setOptOut = (id: string, value: boolean | string, signal: AbortSignal) =>
    airtable(
      settings,
      { method: 'PATCH', table, recordId: id, json: { fields: { opt_out: value } } },
      recordSchema,
      signal,
    );

  return {
    isCopy: false,
    pages: async function* (signal, since) {
      const query = {
        ...(settings.airtable_view ? { view: settings.airtable_view } : {}),
        ...(since === undefined ? {} : { filterByFormula: changedSince(since) }),
      };
      for await (const records of list(table, query, signal)) {
        yield records.map((record) => toContact(record, numbering));
      }
    },
    templates: async (signal) => {
      const found = [];
      for await (const records of list(templatesTable, {}, signal)) {
        found.push(...records.flatMap((record) => toTemplate(record) ?? []));
      }
      return found;
    },
    create: async (draft, signal) => {
      const call = { method: 'POST', table, json: { fields: fromDraft(draft) } } as const;
      return toContact(await airtable(settings, call, recordSchema, signal), numbering);
    },
    remove: async (id, signal) => {
      // An id of another shape is not Airtable's, and could name another resource.
      if (!/^rec[0-9a-zA-Z]+$/.test(id)) return false;
      try {
        const call = { method: 'DELETE', table, recordId: id } as const;
        return (await airtable(settings, call, deletedSchema, signal)).deleted;
      } catch (error) {
        if (error instanceof SourceRefused && error.status === 404) return false;
        throw error;
      }
    },
    showOptOut: async (id, optedOut, signal) => {
      try {
        await setOptOut(id, optedOut, signal);
      } catch (error) {
        if (!(error instanceof SourceRefused)) throw error;
        if (error.status === 404) return false;
        // The column may contain text, as in Twilio's own quick start.
        if (error.status !== 422) throw error;
        await setOptOut(id, String(optedOut), signal);
      }
      return true;
    },
  };
}
