import type { HttpAnswer } from '../../http.ts';
import { type ContactSource, SourceRefused } from '../contacts/ports.ts';
import { withSource } from '../contacts/with-source.ts';
import type { Callback, FrontlineDeps } from './callback.ts';
import { requestRefresh } from './contacts-age.ts';

/** The platform gives up on a callback after 5 s. */
const SOURCE_LIMIT = 3500;

/** An error in a sentence that the app shows to the agent. */
export const friendlyError = (status: number, message: string): HttpAnswer => ({
  status,
  body: { friendly_error_message: message },
});

/** Logs who changed a customer. */
export const logChange = (
  { field, requestId, tenantId }: Callback,
  what: string,
  { observe }: FrontlineDeps,
): void => observe.info(what, { tenantId, requestId, caller: field('worker') });

/** Changes the contacts at their source. A refusal of the source is explained to the agent. */
export async function changeSource(
  { credentials, requestId, tenantId }: Callback,
  deps: FrontlineDeps,
  change: (source: ContactSource, signal: AbortSignal) => Promise<HttpAnswer>,
): Promise<HttpAnswer> {
  const signal = deps.limit(SOURCE_LIMIT);
  try {
    return await withSource(deps, tenantId, credentials, (source) => change(source, signal));
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    deps.observe.error('the contacts were refused', { requestId, tenantId, error: error.message });
    return friendlyError(502, 'The customer list refused it; its administrator must look into it.');
  }
}

/** Repeats in the copy what the source has already done. If that fails, a refresh does it. */
export async function changeCopy(
  callback: Callback,
  source: ContactSource,
  deps: FrontlineDeps,
  write: () => Promise<unknown>,
): Promise<void> {
  if (source.isCopy) return;
  try {
    await write();
  } catch {
    const { tenantId } = callback;
    deps.observe.warn('the copy of the contacts is behind its source', { tenantId });
    await requestRefresh(callback, deps, 0);
  }
}
