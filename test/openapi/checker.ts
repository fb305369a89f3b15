import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { openapiDocument } from '../../openapi/document.ts';

/** One request and its answer, as far as they are to be checked. */
export type Exchange = {
  readonly method: string;
  /** Without the base URL and the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The parsed body of the request; checked only when given. */
  readonly sent?: unknown;
  readonly sentType?: string;
  readonly status?: number;
  /** The parsed JSON of the answer, or its text. */
  readonly body?: unknown;
  readonly type?: string;
};

const JSON_TYPE = 'application/json';
const schema = z.custom<object>((value) => typeof value === 'object' && value !== null);
const contentShape = z.record(z.string(), z.object({ schema }));
const responseShape = z.object({ content: contentShape.optional() });
const operationShape = z.object({
  parameters: z
    .array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema }))
    .default([]),
  requestBody: z.object({ content: contentShape }).optional(),
  responses: z.record(z.string(), z.union([z.object({ $ref: z.string() }), responseShape])),
});
const documentShape = z.object({
  paths: z.record(z.string(), z.record(z.string(), operationShape)),
  components: z.object({
    responses: z.record(z.string(), responseShape),
    schemas: z.record(z.string(), schema),
  }),
});
type OperationShape = z.infer<typeof operationShape>;

/** Objects of answers are closed here: a field that nobody described is a mistake of ours. */
const { paths, components } = documentShape.parse(openapiDocument({ closed: true }));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'document', components });

const compiled = new WeakMap<object, ValidateFunction>();
function problems(of: object, value: unknown, what: string): string[] {
  const known = compiled.get(of) ?? ajv.compile(rebased(of));
  compiled.set(of, known);
  if (known(value)) return [];
  return (known.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** With its references to the components' own document. */
const rebased = (of: object): object =>
  schema.parse(JSON.parse(JSON.stringify(of).replaceAll('"#/components', '"document#/components')));

const patterns = Object.entries(paths).map(([path, methods]) => ({
  path,
  methods,
  form: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/** The operation that a request is for: a path as it is written goes before one with parameters. */
function operationAt(method: string, path: string) {
  const found = patterns
    .filter(({ form }) => form.test(path))
    .sort((a, b) => Number(a.path !== path) - Number(b.path !== path))
    .flatMap(({ path: key, methods }) => {
      const operation = methods[method.toLowerCase()];
      return operation === undefined ? [] : [{ key, operation }];
    });
  return found[0];
}

/** A query has text only: numbers are read as such where the schema wants one. */
const fromQuery = (text: string, of: object): unknown =>
  'type' in of && (of.type === 'integer' || of.type === 'number') ? Number(text) : text;

function inRequest(operation: OperationShape, { query, sent, sentType }: Exchange): string[] {
  const found: string[] = [];
  const inQuery = operation.parameters.filter((one) => one.in === 'query');
  for (const [name, text] of Object.entries(query ?? {})) {
    const parameter = inQuery.find((one) => one.name === name);
    if (parameter === undefined) found.push(`the query has ${name}, which is not described`);
    else found.push(...problems(parameter.schema, fromQuery(text, parameter.schema), `?${name}`));
  }
  const body = operation.requestBody?.content[sentType ?? JSON_TYPE];
  if (sent === undefined || body === undefined) return found;
  return [...found, ...problems(body.schema, sent, 'request')];
}

function inAnswer(operation: OperationShape, { status, body, type }: Exchange): string[] {
  if (status === undefined) return [];
  const response = operation.responses[status];
  if (response === undefined) return [`the status ${status} is not described`];
  const { content } =
    '$ref' in response
      ? (components.responses[response.$ref.split('/').at(-1) ?? ''] ?? {})
      : response;
  if (content === undefined) return body === undefined ? [] : ['the answer has a body'];
  const described = content[type ?? JSON_TYPE];
  if (described === undefined) return [`the type ${type} is not described`];
  return problems(described.schema, body, 'answer');
}

/** What a request or its answer has that the description has not, a sentence each. */
export function violationsOf(exchange: Exchange): string[] {
  const at = operationAt(exchange.method, exchange.path);
  if (at === undefined) return [`${exchange.method} ${exchange.path} is not described`];
  return [...inRequest(at.operation, exchange), ...inAnswer(at.operation, exchange)];
}
