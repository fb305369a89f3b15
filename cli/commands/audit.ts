import { type Command, InvalidArgumentError } from 'commander';
import { type AuditAnswer, auditAnswer } from '../../domain/operator/answers/audit.ts';
import { contextOf } from '../context.ts';
import { moment, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

type Entry = AuditAnswer['items'][number];

const facts = (values: Entry['about'] | undefined): string =>
  Object.entries(values ?? {})
    .filter(([name]) => name !== 'tenantId')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');

function lineOf({ at, caller, source, action, about, status, result, isFinished }: Entry): string {
  const end = isFinished ? String(status) : 'not finished';
  const from = source === undefined ? '' : ` from ${source}`;
  const came = facts(result);
  return `${utcTime(at)}  ${caller}${from}  ${action}  ${end}\n    ${facts(about)}${came ? ` → ${came}` : ''}`.trimEnd();
}

/** `audit`: who changed what, from where, and what came of it. */
export function auditCommand(program: Command, io: Io): void {
  program
    .command('audit')
    .description('who changed what, from where, and what came of it')
    .option(
      '--since <time>',
      'at or after: 7d, 2026-11-01T00:00:00Z; 7 days, if left out',
      (text) => {
        const found = moment(text, io.now());
        if (found !== undefined) return found;
        throw new InvalidArgumentError('Give a time such as 2h, 7d, or 2026-11-01T09:00:00Z.');
      },
    )
    .option('--limit <n>', 'entries', '100')
    .action(async ({ since, limit }: { since?: string; limit: string }, command: Command) => {
      const context = contextOf(command, io);
      const answer = await context.client.get(
        '/audit',
        { tenantId: context.tenant, since, limit },
        auditAnswer,
      );
      context.print(answer, () =>
        answer.items.length === 0
          ? 'Nothing was changed.'
          : [
              ...answer.items.map(lineOf),
              ...(answer.cursor === undefined ? [] : ['There is more: raise --limit (up to 500).']),
            ].join('\n'),
      );
    });
}
