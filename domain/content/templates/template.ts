import * as z from 'zod';

/** Where a template is on its way through WhatsApp's approval. Other channels need none. */
export const approvalStatuses = [
  'unsubmitted',
  'received',
  'pending',
  'approved',
  'rejected',
  'paused',
  'disabled',
] as const;

/** Content kept at the provider, sent by its id with values for its variables. */
export const templateSchema = z.object({
  /** The provider's id: `HX…`. */
  sid: z.string().min(1),
  name: z.string(),
  /** `en`, `pt_BR` */
  language: z.string(),
  /** The provider's kind of content: `twilio/text`, `twilio/card`. */
  type: z.string(),
  /** Its text with placeholders, where it has one. */
  text: z.string().optional(),
  /** The names of its placeholders. */
  variables: z.array(z.string()),
  /** WhatsApp's: UTILITY, MARKETING or AUTHENTICATION. */
  category: z.string().optional(),
  status: z.enum(approvalStatuses),
  /** Why WhatsApp rejected it. */
  reason: z.string().optional(),
});
export type Template = z.infer<typeof templateSchema>;

/** A tenant's templates as the provider listed them at `syncedAt`, ms since 1970; 0 before the first time. */
export type Catalogue = { readonly syncedAt: number; readonly templates: readonly Template[] };

const PLACEHOLDER = /\{\{\s*([^{}\s]+)\s*\}\}/g;

/** The names of the placeholders in a text, each once. */
export const placeholdersOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name)),
];

/** A template's text with its placeholders filled in, as the person reads it. */
export const render = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(PLACEHOLDER, (placeholder, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name] ?? placeholder) : placeholder,
  );
