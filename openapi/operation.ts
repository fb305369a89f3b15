import * as z from 'zod';
import type { AccessRole } from '../domain/access/access-keys.ts';

/** Who may call: holders of a key of a role, or a company by its signature or credentials. */
type Access = AccessRole | 'twilio' | 'scg' | 'anyone';

export type Content = {
  readonly type:
    | 'application/json'
    | 'application/x-www-form-urlencoded'
    | 'image/svg+xml'
    | 'text/css'
    | 'text/csv'
    | 'text/html'
    | 'text/javascript'
    | 'text/plain'
    | 'text/xml';
  readonly schema: z.ZodType;
};

export type Described = {
  readonly description: string;
  /** Names of headers of the answer, with what they hold. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: readonly Content[];
};

/** One method of one path, as the API description has it. */
export type Operation = {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** A second role whose keys open it. */
  readonly alsoFor?: AccessRole | undefined;
  readonly request: {
    readonly params?: z.ZodType | undefined;
    readonly query?: z.ZodType | undefined;
    readonly headers?: z.ZodType | undefined;
    readonly body?: readonly Content[] | undefined;
  };
  readonly answers: Readonly<Record<number, Described>>;
  /** Statuses answered in the error shape, beside those of every operation. */
  readonly errors: readonly number[];
};

export const json = (schema: z.ZodType): readonly Content[] => [
  { type: 'application/json', schema },
];

/** The error shape of every answer that is not a success. */
export const errorSchema = z
  .object({
    error: z.object({
      code: z.string().describe('For programs, such as `NOT_FOUND`'),
      message: z.string().describe('For people. Contains no phone number, text or secret.'),
      details: z
        .array(z.object({ field: z.string(), issue: z.string() }))
        .describe('The fields that are wrong, each with the reason'),
      timestamp: z.iso.datetime(),
      requestId: z.string().describe('The same as the header X-Request-ID'),
    }),
  })
  .meta({ id: 'Error' });

/** What API Gateway itself answers. */
export const gatewaySchema = z
  .object({ message: z.string().nullable() })
  .meta({ id: 'GatewayMessage' });
