/** The current time, ms since 1970. An argument everywhere, so that tests own the clock. */
export type Clock = () => number;
/** A number in [0, 1), for jitter. */
export type Random = () => number;
/** A new unique id. */
export type NewId = () => string;

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
