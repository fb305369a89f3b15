import fc from 'fast-check';
import * as z from 'zod';
import { openapiDocument } from '../../openapi/document.ts';

/** A request as the fuzzer sends it. */
export type FuzzedRequest = {
  readonly method: string;
  /** As it is described: `/replays/{id}`. */
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** Values that exist, by the name of the field: a fuzzer that knows none gets no further than 404. */
export type Known = Readonly<Record<string, readonly string[]>>;

const nodeSchema = z.looseObject({
  $ref: z.string().optional(),
  anyOf: z.array(z.unknown()).optional(),
  allOf: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
});
type Node = z.infer<typeof nodeSchema>;
const operationSchema = z.object({
  parameters: z
    .array(
      z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() }),
    )
    .default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) })
    .optional(),
});
type OperationShape = z.infer<typeof operationSchema>;

const { paths, components } = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), operationSchema)),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  })
  .parse(openapiDocument());

/** Text that breaks careless code. */
const oddText = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', 'null', '🎉', '\u0000', "' OR 1=1", '../..', '{}', '%'),
  fc.string({ maxLength: 40, unit: 'grapheme' }),
);
const odd = fc.oneof(
  oddText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
);

const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

function textOf({ format, pattern, minLength = 0, maxLength = 60 }: Node): fc.Arbitrary<string> {
  if (format === 'date-time') return time;
  if (format === 'date') return time.map((text) => text.slice(0, 10));
  if (pattern !== undefined && !pattern.includes('\\p')) {
    return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
  }
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 60), unit: 'grapheme' });
}

const numberOf = ({ type, minimum, exclusiveMinimum, maximum }: Node): fc.Arbitrary<number> => {
  const min = Math.max(minimum ?? exclusiveMinimum ?? -1000, -1_000_000);
  const max = Math.min(maximum ?? min + 1000, 1_000_000_000);
  return type === 'integer' ? fc.integer({ min, max }) : fc.double({ min, max, noNaN: true });
};

function objectOf({ properties = {}, required = [] }: Node, known: Known): fc.Arbitrary<object> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, fieldOf(name, schema, known)]),
  );
  return fc.record(fields, { requiredKeys: required });
}

function fieldOf(name: string, schema: unknown, known: Known): fc.Arbitrary<unknown> {
  const values = known[name];
  const described = valuesOf(schema, known);
  return values === undefined
    ? described
    : fc.oneof({ arbitrary: fc.constantFrom(...values), weight: 4 }, described);
}

/** Values that a schema allows. */
function valuesOf(schema: unknown, known: Known): fc.Arbitrary<unknown> {
  const node = nodeSchema.parse(typeof schema === 'object' ? schema : {});
  if (node.$ref !== undefined) {
    return valuesOf(components.schemas[node.$ref.split('/').at(-1) ?? ''], known);
  }
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.anyOf !== undefined) return fc.oneof(...node.anyOf.map((one) => valuesOf(one, known)));
  if (node.allOf?.[0] !== undefined) return valuesOf(node.allOf[0], known);
  if (Array.isArray(node.type)) {
    return fc.oneof(...node.type.map((type) => valuesOf({ ...node, type }, known)));
  }
  switch (node.type) {
    case 'string':
      return textOf(node);
    case 'integer':
    case 'number':
      return numberOf(node);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf(node.items, known), {
        minLength: node.minItems ?? 0,
        maxLength: Math.min(node.maxItems ?? 3, (node.minItems ?? 0) + 3),
      });
    case 'object':
      return objectOf(node, known);
    default:
      return odd;
  }
}

/** The values of parameters in one place: mostly as described, now and then odd or left out. */
function parametersIn(place: string, operation: OperationShape, known: Known) {
  const all = operation.parameters.filter((one) => one.in === place);
  const fields = all.map(({ name, schema }) => [
    name,
    fc.oneof(
      { arbitrary: fieldOf(name, schema, known).map(String), weight: 8 },
      { arbitrary: oddText, weight: 1 },
    ),
  ]);
  const requiredKeys = place === 'path' ? all.map(({ name }) => name) : [];
  return fc.record<Record<string, string>>(Object.fromEntries(fields), { requiredKeys });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const written = (type: string, value: unknown): string =>
  type === 'application/x-www-form-urlencoded' && isObject(value)
    ? new URLSearchParams(
        Object.entries(value).map(([name, field]): [string, string] => [name, String(field)]),
      ).toString()
    : JSON.stringify(value);

/** Bodies: as described, with one field spoiled, with one too many, and what is no JSON at all. */
function bodyOf(operation: OperationShape, known: Known): fc.Arbitrary<string | undefined> {
  const content = Object.entries(operation.requestBody?.content ?? {});
  if (content.length === 0) return fc.constant(undefined);
  const bodies = content.map(([type, { schema }]) => {
    const right = valuesOf(schema, known);
    const spoiled = fc.tuple(right, fc.nat(), odd).map(([value, at, other]) => {
      if (!isObject(value)) return other;
      const names = Object.keys(value);
      return { ...value, [names[at % (names.length || 1)] ?? 'extra']: other };
    });
    return fc.oneof(
      { arbitrary: right.map((value) => written(type, value)), weight: 6 },
      { arbitrary: spoiled.map((value) => written(type, value)), weight: 3 },
      { arbitrary: oddText, weight: 1 },
    );
  });
  return fc.oneof(...bodies);
}

/** A request for each operation that is described. */
export function requestsOf(
  known: Known,
): readonly (readonly [string, fc.Arbitrary<FuzzedRequest>])[] {
  return Object.entries(paths).flatMap(([key, methods]) =>
    Object.entries(methods).map(([name, operation]) => {
      const method = name.toUpperCase();
      return [
        `${method} ${key}`,
        fc.record({
          method: fc.constant(method),
          key: fc.constant(key),
          params: parametersIn('path', operation, known),
          query: parametersIn('query', operation, known),
          headers: parametersIn('header', operation, known),
          body: bodyOf(operation, known),
        }),
      ] as const;
    }),
  );
}
