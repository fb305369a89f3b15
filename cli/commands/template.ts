import type { Command } from 'commander';
import { type TemplatesAnswer, templatesAnswer } from '../../domain/operator/answers/templates.ts';
import { type Context, contextOf, neededTenant } from '../context.ts';
import { tableOrEntries, utcTime } from '../format.ts';
import type { Io } from '../io.ts';

const HEAD = ['Name', 'Language', 'Category', 'Status', 'Variables', 'Id', 'Text'];

function show({ templates, syncedAt }: TemplatesAnswer, { width }: Context): string {
  const when = syncedAt === null ? 'never yet' : utcTime(syncedAt);
  const read = `Read from the provider: ${when}. \`template sync\` reads them now.`;
  if (templates.length === 0) return `No templates.\n${read}`;
  const rows = templates.map((one) => [
    one.name,
    one.language,
    one.category ?? '',
    one.reason ? `${one.status}: ${one.reason}` : one.status,
    one.variables.join(', '),
    one.sid,
    one.text ?? one.type,
  ]);
  return `${tableOrEntries(HEAD, rows, width)}\n${read}`;
}

/** `template`: what the provider has approved. */
export function templateCommands(program: Command, io: Io): void {
  const template = program
    .command('template')
    .description('templates for WhatsApp and other channels');
  template
    .command('list')
    .description('all templates with language, category, status and variables')
    .action(async (_options: object, command: Command) => {
      const context = contextOf(command, io);
      const query = { tenantId: context.tenant };
      const answer = await context.client.get('/templates', query, templatesAnswer);
      context.print(answer, () => show(answer, context));
    });
  template
    .command('sync')
    .description('read the templates from the provider now')
    .action(async (_options: object, command: Command) => {
      const context = contextOf(command, io);
      const body = { tenantId: neededTenant(context) };
      const answer = await context.client.post('/templates/sync', body, templatesAnswer);
      context.print(answer, () => show(answer, context));
    });
}
