import { type Command, Option } from 'commander';
import {
  type PersonErasureAnswer,
  type PersonExportAnswer,
  personErasureAnswer,
  personExportAnswer,
} from '../../domain/operator/answers/people.ts';
import { confirmTenant } from '../confirm.ts';
import { type Context, contextOf, neededTenant } from '../context.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { counted, pairs, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

type Options = { readonly number: string; readonly channel?: string; readonly yes?: boolean };

/** Every page of an answer. */
async function allPages<Page extends { readonly cursor?: string | undefined }>(
  get: (cursor: string | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | undefined;
  do {
    const page = await get(cursor);
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

async function exportPerson({ number, channel }: Options, context: Context): Promise<void> {
  const tenantId = neededTenant(context);
  const pages = await allPages((cursor) =>
    context.client.post(
      '/people/export',
      { tenantId, address: number, channel, cursor },
      personExportAnswer,
    ),
  );
  const [first] = pages;
  const stored: Record<string, PersonExportAnswer['items'][number]['data'][]> = {};
  for (const { store, data } of pages.flatMap(({ items }) => items)) {
    stored[store] = [...(stored[store] ?? []), data];
  }
  const answer = {
    tenantId,
    number: first?.number,
    exportedAt: first?.exportedAt,
    stored,
    notSearched: distinct(pages.flatMap(({ notSearched }) => notSearched)),
  };
  context.print(answer, () => JSON.stringify(answer, null, 2));
}

/** All pages of an erasure as one. */
function certificateOf(pages: readonly PersonErasureAnswer[]) {
  const stores = new Map<string, { erased: number; inFlight: number }>();
  for (const { store, erased, inFlight } of pages.flatMap((page) => page.stores)) {
    const sum = stores.get(store) ?? { erased: 0, inFlight: 0 };
    stores.set(store, { erased: sum.erased + erased, inFlight: sum.inFlight + inFlight });
  }
  const last = pages.at(-1);
  return {
    tenantId: last?.tenantId ?? '',
    address: last?.address ?? '',
    erasedAt: last?.erasedAt ?? '',
    erased: pages.reduce((sum, { erased }) => sum + erased, 0),
    inFlight: pages.reduce((sum, { inFlight }) => sum + inFlight, 0),
    stores: [...stores].map(([store, sums]) => ({ store, ...sums })),
    remains: last?.remains ?? [],
    notSearched: distinct(pages.flatMap(({ notSearched }) => notSearched)),
  };
}

function certificate(of: ReturnType<typeof certificateOf>, { width }: Context): string {
  const rows: [string, string][] = [
    ['Person', `${of.address} of ${of.tenantId}`],
    ['Erased', utcTime(of.erasedAt)],
    ...of.stores.map(({ store, erased }): [string, string] => [store, `${erased} erased`]),
    ...of.notSearched.map((what): [string, string] => ['Not searched', what]),
    ...of.remains.map(({ what, why, until }): [string, string] => [
      'Remains',
      `${what}${until === null ? '' : `, until ${utcTime(until)}`}. ${why}`,
    ]),
  ];
  const left =
    of.inFlight === 0
      ? ''
      : `\n\n${counted(of.inFlight, 'item')} in flight, left whole. Run the command again in a few minutes.`;
  return `${pairs(rows, width)}${left}`;
}

async function erase({ number, channel, yes }: Options, context: Context): Promise<ExitCode> {
  const tenantId = neededTenant(context);
  if (yes !== true) {
    await confirmTenant(
      context,
      tenantId,
      'What is stored about this person will be removed permanently.',
      'Nothing was erased',
    );
  }
  const pages = await allPages((cursor) =>
    context.client.post(
      '/people/erase',
      { tenantId, address: number, channel, confirm: tenantId, cursor },
      personErasureAnswer,
    ),
  );
  const answer = certificateOf(pages);
  context.print(answer, () => certificate(answer, context));
  return answer.inFlight === 0 ? exitCodes.ok : exitCodes.leftOver;
}

/** `person export` and `person erase`. */
export function personCommands(program: Command, io: Io, end: (code: ExitCode) => void): void {
  const person = program.command('person').description('what is stored about a person');
  const aPerson = (command: Command) =>
    command
      .requiredOption('--number <number>', 'the number, or the id of Messenger or WeChat')
      .addOption(
        new Option('--channel <channel>', 'the channel of an address that is not a number').choices(
          ['FACEBOOK', 'WECHAT'],
        ),
      );
  aPerson(
    person.command('export').description('print everything stored about a person as JSON'),
  ).action((options: Options, command: Command) => exportPerson(options, contextOf(command, io)));
  aPerson(person.command('erase').description('remove what is stored about a person'))
    .option('--yes', 'do not ask')
    .action(async (options: Options, command: Command) => {
      end(await erase(options, contextOf(command, io)));
    });
}
