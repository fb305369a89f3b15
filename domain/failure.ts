import * as z from 'zod';

/**
 * Why a message was not sent, as the operator groups it:
 * `permanent` needs an edited message; `config` needs a setting, sender, token or credit fixed;
 * `opted-out` must not be sent; `expired` grew older than `event_ttl`; `transient` used up its
 * attempts on errors known not to have been accepted; `unknown` may have been accepted and the
 * provider could not be asked; `stopped` was stopped with its campaign; `poison` could not be read.
 */
export const failureClasses = [
  'permanent',
  'config',
  'opted-out',
  'expired',
  'transient',
  'unknown',
  'stopped',
  'poison',
] as const;
export type FailureClass = (typeof failureClasses)[number];

/** One reason, in the provider's code and in words that are safe to show: no number, text or secret. */
export const failureSchema = z.object({
  class: z.enum(failureClasses),
  /** The provider's code (`21610`), else one of ours in kebab-case (`unknown-tenant`). */
  code: z.string(),
  message: z.string(),
  /** What the operator can do about it, one sentence. */
  advice: z.string().optional(),
  httpStatus: z.number().int().optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** An attempt that was not made because the worker's time was nearly up. */
export const outOfTime: Failure = {
  class: 'transient',
  code: 'out-of-time',
  message: 'The worker ran out of time before it could send.',
};
