import type { ScheduleResource } from '../template/resources.ts';

const units: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds between the runs of `rate(5 minutes)`; undefined for anything else. */
function rateMs(expression: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const length = units[unit ?? ''];
  return count === undefined || length === undefined ? undefined : Number(count) * length;
}

/**
 * Runs functions on their schedules. Calendar expressions (`cron(…)`) are left out: a stack on a
 * desk is not there at three at night, and `invoke` runs the function at any time.
 */
export function startSchedules(
  schedules: readonly ScheduleResource[],
  invoke: (functionArn: string, event: unknown) => Promise<unknown>,
  warn: (sentence: string) => void,
): { readonly close: () => void } {
  const timers = schedules.flatMap(({ name, expression, functionArn, input }) => {
    const every = rateMs(expression);
    if (every === undefined) {
      warn(`${name} runs on ${expression}, which the local stack does not keep.`);
      return [];
    }
    const timer = setInterval(() => {
      const event =
        input === undefined
          ? { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} }
          : JSON.parse(input);
      invoke(functionArn, event).catch((error: unknown) =>
        warn(`${name} failed: ${error instanceof Error ? error.message : String(error)}`),
      );
    }, every);
    timer.unref();
    return [timer];
  });
  return { close: () => timers.forEach(clearInterval) };
}
