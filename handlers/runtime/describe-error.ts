import { Unavailable } from '../../domain/unavailable.ts';
import { ConfigError } from './config.ts';

const FRAMES = 4;

/**
 * An error for the log: its name and where it was thrown. Its message is left out unless it is our
 * own, because other people's messages quote what they choked on: JSON.parse does, and that is the
 * text of someone's message. The name of its cause tells an outage from a permission that is missing.
 */
export function describeError(error: unknown): string {
  if (error instanceof ConfigError) return `${error.name}: ${error.message}`;
  if (!(error instanceof Error)) return 'not an Error';
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES)
    .map((line) => line.trim());
  const cause = error.cause instanceof Error ? [`(caused by ${error.cause.name})`] : [];
  const name = error instanceof Unavailable ? `${error.name}: ${error.message}` : error.name;
  return [name, ...cause, ...frames].join(' ');
}
