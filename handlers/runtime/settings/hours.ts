import * as z from 'zod';
import { zonePolicies } from '../../../domain/outbound/zones.ts';
import { windowRule } from '../../../domain/senders/windows.ts';
import { isCountry, jsonMap } from './shapes.ts';

const isArea = (key: string): boolean =>
  key === '*' || /^\+[1-9]\d{0,14}$/.test(key) || isCountry(key);

/** `2026-07-14`, or `12-25` for every year. */
const holiday = z
  .string()
  .regex(
    /^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
    'is a day such as 2026-07-14, or 12-25 for every year',
  );

/** When messages of a category may leave. */
export const hoursShape = {
  /** By category, then by country, number prefix or `*`: `{"marketing":{"US":{"daily":"08:00-21:00"}}}` */
  send_windows: jsonMap(z.record(z.string(), windowRule)).superRefine((windows, context) => {
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    for (const [category, areas] of Object.entries(windows)) {
      if (!/^[a-z][a-z0-9_-]{0,31}$/.test(category) || category === 'transactional') {
        refuse(
          [category],
          'is no category that has windows: a name in lower case, not transactional',
        );
      }
      for (const area of Object.keys(areas)) {
        if (!isArea(area)) {
          refuse([category, area], 'is no country (US), no prefix of numbers (+1305), and not *');
        }
      }
    }
  }),
  /** Days that countries do not work: `{"FR":["07-14","2026-04-06"]}` */
  send_holidays: jsonMap(z.array(holiday)).superRefine((holidays, context) => {
    for (const country of Object.keys(holidays)) {
      if (isCountry(country)) continue;
      context.addIssue({ code: 'custom', path: [country], message: 'is no country' });
    }
  }),
  /** How the hours of a person are judged whose number may be in several time zones. */
  zone_policy: z.enum(zonePolicies).default('all'),
} as const;
