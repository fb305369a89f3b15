import type { Context } from './context.ts';
import { CliError, exitCodes } from './exit.ts';

/** Lets the user type the tenant id before something that cannot be taken back; throws without it. */
export async function confirmTenant(
  { io }: Context,
  tenantId: string,
  what: string,
  refusal: string,
): Promise<void> {
  const answer = await io.ask(`${what} Type the tenant id to go on: `);
  if (answer === undefined) {
    throw new CliError(exitCodes.usage, `${refusal}. Without a terminal, pass --yes.`);
  }
  if (answer.trim() !== tenantId) {
    throw new CliError(exitCodes.usage, `${refusal}: that was not the tenant id, ${tenantId}.`);
  }
}
