import type { Context } from './context.ts';
import { CliError, exitCodes } from './exit.ts';

async function confirm(
  { io }: Context,
  expected: string,
  texts: { readonly question: string; readonly refusal: string; readonly wrong: string },
): Promise<void> {
  const answer = await io.ask(`${texts.question}: `);
  if (answer === undefined) {
    throw new CliError(exitCodes.usage, `${texts.refusal}. Without a terminal, pass --yes.`);
  }
  if (answer.trim() !== expected) {
    throw new CliError(exitCodes.usage, `${texts.refusal}: that was not ${texts.wrong}.`);
  }
}

/** Asks for a plain yes before messages are sent; throws without it. */
export const confirmYes = (context: Context, what: string, refusal: string): Promise<void> =>
  confirm(context, 'yes', { question: `${what} Type yes to continue`, refusal, wrong: 'yes' });

/** Lets the user type the tenant id before something that cannot be taken back; throws without it. */
export const confirmTenant = (
  context: Context,
  tenantId: string,
  what: string,
  refusal: string,
): Promise<void> =>
  confirm(context, tenantId, {
    question: `${what} Type the tenant id to continue`,
    refusal,
    wrong: `the tenant id, ${tenantId}`,
  });
