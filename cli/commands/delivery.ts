import type { Command } from 'commander';
import { deliveryAnswer } from '../answers.ts';
import { contextOf } from '../context.ts';
import { table } from '../format.ts';
import type { Io } from '../io.ts';

/** `delivery`: what became of one message. */
export function deliveryCommand(program: Command, io: Io): void {
  program
    .command('delivery <guid>')
    .description('what became of one message')
    .action(async (guid: string, _options: object, command: Command) => {
      const context = contextOf(command, io);
      const delivery = await context.client.get(
        `/deliveries/${encodeURIComponent(guid)}`,
        { tenantId: context.tenant },
        deliveryAnswer,
      );
      context.print(delivery, () =>
        table(
          ['', ''],
          Object.entries(delivery).map(([name, value]) => [
            name,
            typeof value === 'object' ? JSON.stringify(value) : String(value),
          ]),
        ),
      );
    });
}
