import * as z from 'zod';
import type { Random } from '../../domain/clock.ts';

const faultModes = [
  'none',
  'status',
  'hang',
  'reset',
  'accept-then-status',
  'accept-then-reset',
  'accept-then-hang',
] as const;

export const callbackModes = [
  'normal',
  'never',
  'late',
  'twice',
  'reversed',
  'before-answer',
] as const;
export type CallbackMode = (typeof callbackModes)[number];

/** What `PUT /_faults/{name}` takes. It replaces the fault before it; `{}` mends everything. */
export const faultSchema = z.strictObject({
  mode: z.enum(faultModes).default('none'),
  /** The HTTP status of the modes `status` and `accept-then-status`. */
  status: z.int().min(400).max(599).default(503),
  /** The provider's error code in the body; default: the one that belongs to the status. */
  code: z.union([z.int(), z.string()]).optional(),
  /** Seconds in a Retry-After header; default: no such header. */
  retryAfter: z.number().min(0).optional(),
  /** Share of the requests that are hit. */
  rate: z.number().min(0).max(1).default(1),
  /** How many requests are hit before the fault is over; default: no end. */
  count: z.int().min(0).optional(),
  /** Which requests can be hit. The `accept-then-…` modes hit sends only. */
  on: z.enum(['all', 'sends', 'reads']).default('all'),
  /** Time every request takes, hit or not; default: the simulator's own. */
  latencyMs: z.number().min(0).max(600_000).optional(),
  /** How status callbacks of messages accepted from now on are sent. */
  callbacks: z.enum(callbackModes).default('normal'),
  /** Twilio: whether Smart Encoding replaces signs in the texts of messages from now on. */
  smartEncoding: z.boolean().default(false),
  /** SCG: whether its list knows the filter `external_id`, or ignores it. */
  externalIdFilter: z.boolean().default(true),
  /** SCG: whether its events name our `external_id`, or leave it empty. */
  externalIdInEvents: z.boolean().default(true),
});
export type Fault = z.infer<typeof faultSchema>;

const noFault: Fault = faultSchema.parse({});

/** A fault without what says nothing: defaults, and a status where none is answered. */
export function faultShown(fault: Fault): Partial<Fault> {
  const usual: Readonly<Record<string, unknown>> = noFault;
  const says = ([key, value]: [string, unknown]) =>
    key === 'mode' || (key === 'status' ? fault.mode.endsWith('status') : value !== usual[key]);
  return Object.fromEntries(Object.entries(fault).filter(says));
}

/** The fault of one simulator, counted down as it hits. */
export class FaultSwitch {
  #fault: Fault = noFault;
  #left = Number.POSITIVE_INFINITY;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  get current(): Fault {
    return this.#fault;
  }

  set(fault: Fault): void {
    this.#fault = fault;
    this.#left = fault.count ?? Number.POSITIVE_INFINITY;
  }

  /** The mode that this request meets. */
  next(isSend: boolean): Fault['mode'] {
    const { mode, on, rate } = this.#fault;
    if (mode === 'none' || this.#left <= 0) return 'none';
    if (!isSend && (on === 'sends' || mode.startsWith('accept-then-'))) return 'none';
    if (isSend && on === 'reads') return 'none';
    if (rate < 1 && this.#random() >= rate) return 'none';
    this.#left--;
    return mode;
  }
}
