import pMap from 'p-map';
import { type Statement, withStatement } from '../opt-outs/opt-out.ts';
import type { HistoryEntry } from '../opt-outs/ports.ts';
import { mask, readRecipient } from '../outbound/address.ts';
import type { Channel } from '../outbound/channel.ts';
import { invalid } from '../refused.ts';
import type {
  OptOutHistoryAnswer,
  OptOutImportAnswer,
  OptOutListAnswer,
} from './answers/opt-out-register.ts';
import type { OptOutAnswer } from './answers/opt-outs.ts';
import { checkedTenant } from './fields.ts';
import { personOf, showOptOut } from './opt-outs.ts';
import type { Call } from './route.ts';

type Page = { readonly limit: number; readonly cursor?: string | undefined };
type Named = {
  readonly tenantId?: string | undefined;
  readonly address: string;
  readonly channel?: Channel | undefined;
};

/** A clock of the caller's may be ahead of ours by so much. */
const AHEAD_MS = 5 * 60_000;
const CONCURRENT = 10;

const iso = (ms: number): string => new Date(ms).toISOString();

const entryOf = ({ status, at, source, messageId, note, recordedAt }: HistoryEntry) => ({
  state: status,
  at: iso(at),
  source,
  ...(messageId === undefined ? {} : { messageId }),
  ...(note === undefined ? {} : { note }),
  recordedAt: iso(recordedAt),
});

/** The same statement has the same id however often it is entered, so it counts once. */
const named = (status: Statement['status'], at: number, source: string) => ({
  status,
  at,
  source,
  messageId: `${source}@${iso(at)}`,
});

/** Records what a person said elsewhere, such as on the phone, in the name of the operator's key. */
export async function addOptOut(
  {
    state,
    at,
    source,
    note,
    ...who
  }: Named & {
    readonly state: Statement['status'];
    readonly at?: number | undefined;
    readonly source: string;
    readonly note?: string | undefined;
  },
  call: Call,
): Promise<OptOutAnswer> {
  const { tenantId, address } = await personOf(who, call);
  const { clock, optOuts, observe } = call.deps;
  const said = at ?? clock();
  if (said > clock() + AHEAD_MS) throw invalid('at', 'is in the future');
  const statement = named(state, said, `operator:${call.caller.name}:${source}`);
  await optOuts.record(tenantId, address, statement, note);
  observe.info('a statement about opting out was added', { tenantId, code: call.caller.name });
  return showOptOut(who, call);
}

/** One line of a list: what a person said, and when. */
export type ImportRow = {
  /** Its number in the file, for refusals. */
  readonly line: number;
  readonly number: string;
  readonly state: Statement['status'];
  readonly at: number;
  readonly source?: string | undefined;
  readonly note?: string | undefined;
};

/**
 * Records the lines of a list. Safe to repeat: a line that was recorded before changes nothing. A line that
 * cannot be used is refused by its number, and the others are recorded all the same.
 */
export async function importOptOuts(
  request: {
    readonly tenantId?: string | undefined;
    readonly dryRun: boolean;
    readonly rows: readonly ImportRow[];
  },
  call: Call,
): Promise<OptOutImportAnswer> {
  const tenantId = await checkedTenant(request.tenantId, call);
  const { clock, optOuts, settings } = call.deps;
  const latest = clock() + AHEAD_MS;

  const results = await pMap(
    request.rows,
    async ({ line, number, state, at, source, note }) => {
      const reading = readRecipient(number, 'SMS', settings.numbering);
      if (!reading.ok) return { line, field: 'number', issue: reading.issue };
      if (at > latest) return { line, field: 'at', issue: 'is in the future' };
      const statement = named(state, at, `import:${source ?? call.caller.name}`);
      if (request.dryRun) {
        const known = await optOuts.preferenceOf(tenantId, reading.address);
        return withStatement(known, statement) === undefined ? 'known' : 'recorded';
      }
      return optOuts.record(tenantId, reading.address, statement, note);
    },
    { concurrency: CONCURRENT },
  );
  return {
    recorded: results.filter((result) => result === 'recorded').length,
    known: results.filter((result) => result === 'known').length,
    refused: results.filter((result) => typeof result === 'object'),
  };
}

/** Everything that is recorded of what a person said. */
export async function optOutHistory(
  { limit, cursor, ...who }: Named & Page,
  call: Call,
): Promise<OptOutHistoryAnswer> {
  const { tenantId, address } = await personOf(who, call);
  const page = await call.deps.optOuts.history(tenantId, address, { limit, cursor });
  return {
    tenantId,
    address: mask(address),
    items: page.items.map(entryOf),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  };
}

/** A tenant's register, for export: the statements that count, with numbers in full. */
export async function listOptOuts(
  request: Page & { readonly tenantId?: string | undefined; readonly since: number },
  call: Call,
): Promise<OptOutListAnswer> {
  const tenantId = await checkedTenant(request.tenantId, call);
  const { optOuts, observe } = call.deps;
  const page = await optOuts.standingSince(tenantId, request.since, request);
  observe.warn('opt-outs were exported', { tenantId, code: call.caller.name });
  return {
    items: page.items.map((entry) => ({ number: entry.address, ...entryOf(entry) })),
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  };
}
