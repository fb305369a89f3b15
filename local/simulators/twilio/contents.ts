import * as z from 'zod';

/** A content template as an account has it. */
export const contentSchema = z.strictObject({
  sid: z.string().regex(/^HX[0-9a-fA-F]{32}$/, 'is not a content SID'),
  name: z.string().min(1),
  language: z.string().default('en'),
  /** `twilio/text`, `twilio/card`, … */
  type: z.string().default('twilio/text'),
  text: z.string().default(''),
  /** Sample values, which Twilio sends in place of values that are left out. */
  variables: z.record(z.string(), z.string()).default({}),
  category: z.enum(['UTILITY', 'MARKETING', 'AUTHENTICATION']).default('MARKETING'),
  status: z
    .enum(['unsubmitted', 'received', 'pending', 'approved', 'rejected', 'paused', 'disabled'])
    .default('approved'),
  reason: z.string().default(''),
});
export type Content = z.infer<typeof contentSchema>;

const sidOf = (digit: string): string => `HX${digit.repeat(32)}`;

/** A content named by its SID alone: an approved text. */
export const contentOf = (sid: string): Content =>
  contentSchema.parse({ sid, name: sid, text: 'Hello' });

/** What every account has at first. */
export const sampleContents: readonly Content[] = [
  contentSchema.parse({
    sid: sidOf('1'),
    name: 'spring_sale',
    text: 'Hello {{1}}, your code is valid until {{2}}.',
    variables: { 1: 'Ann', 2: '1 January' },
  }),
  contentSchema.parse({
    sid: sidOf('2'),
    name: 'order_shipped',
    text: 'Your order is on its way.',
    category: 'UTILITY',
  }),
  contentSchema.parse({
    sid: sidOf('3'),
    name: 'order_shipped',
    language: 'de',
    text: 'Ihre Bestellung ist unterwegs.',
    category: 'UTILITY',
  }),
  contentSchema.parse({ sid: sidOf('4'), name: 'paused_offer', text: 'Buy!', status: 'paused' }),
  contentSchema.parse({
    sid: sidOf('5'),
    name: 'rejected_offer',
    text: 'Win a car!',
    status: 'rejected',
    reason: 'TAG_CONTENT_MISMATCH',
  }),
];

/** The text that the person gets: values that are left out are replaced by the samples. */
export const bodyOf = ({ text, variables }: Content, given: Readonly<Record<string, string>>) =>
  text.replace(
    /\{\{\s*([^{}\s]+)\s*\}\}/g,
    (placeholder, name: string) => given[name] ?? variables[name] ?? placeholder,
  );

/** One content as `GET /v2/ContentAndApprovals` lists it. */
const toResource = (content: Content, accountSid: string) => ({
  sid: content.sid,
  account_sid: accountSid,
  friendly_name: content.name,
  language: content.language,
  variables: content.variables,
  types: { [content.type]: { body: content.text } },
  approval_requests:
    content.status === 'unsubmitted'
      ? {}
      : {
          name: content.name,
          category: content.category,
          content_type: content.type,
          status: content.status,
          rejection_reason: content.reason,
          allow_category_change: false,
        },
  date_created: '2026-01-05T10:00:00Z',
  date_updated: '2026-01-05T10:00:00Z',
  url: `https://content.twilio.com/v1/Content/${content.sid}`,
});

/** A page of the list; `PageToken` is the number of the first content on it. */
export function listContents(
  contents: readonly Content[],
  accountSid: string,
  query: URLSearchParams,
) {
  const size = Math.min(Number(query.get('PageSize') ?? 50) || 50, 1000);
  const first = Number(query.get('PageToken') ?? 0) || 0;
  const url = 'https://content.twilio.com/v2/ContentAndApprovals';
  const next = first + size;
  return {
    contents: contents.slice(first, next).map((one) => toResource(one, accountSid)),
    meta: {
      key: 'contents',
      page: Math.floor(first / size),
      page_size: size,
      first_page_url: `${url}?PageSize=${size}&Page=0`,
      previous_page_url: null,
      next_page_url: next < contents.length ? `${url}?PageSize=${size}&PageToken=${next}` : null,
      url: `${url}?PageSize=${size}`,
    },
  };
}

/** What WhatsApp says later of a template that it does not let through; undefined where it does. */
export function templateError({ status }: Content): number | undefined {
  switch (status) {
    case 'approved':
      return undefined;
    case 'paused':
      return 63041;
    case 'disabled':
      return 63042;
    case 'rejected':
      return 63040;
    default:
      return 63027;
  }
}
