import * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.JSONSchema;

/**
 * Turns zod schemas into JSON Schema. Those with an id become components, and a reference where they are
 * used. `closed` makes every object of an answer refuse fields that it does not declare: for tests, because
 * callers must expect new fields.
 */
export function schemaWriter({ closed }: { readonly closed: boolean }) {
  const components: Record<string, JsonSchema> = {};

  const convert = (schema: z.ZodType, io: 'input' | 'output'): JsonSchema =>
    z.toJSONSchema(z.object({ root: schema }), {
      io,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema }) => {
        delete jsonSchema.id;
        const { def } = zodSchema._zod;
        const isPlain = def.type === 'object' && def.catchall === undefined;
        if (io === 'output' && isPlain && !closed) delete jsonSchema.additionalProperties;
      },
    });

  return {
    components,
    schemaOf: (schema: z.ZodType, io: 'input' | 'output'): JsonSchema => {
      const { $defs = {}, properties = {} } = convert(schema, io);
      const [root, defs] = rewritten([properties.root, $defs]);
      for (const [id, component] of Object.entries(defs)) {
        const known = components[id];
        if (known !== undefined && JSON.stringify(known) !== JSON.stringify(component)) {
          throw new Error(`Two schemas have the id ${id}.`);
        }
        components[id] = component;
      }
      return root;
    },
  };
}

const pairSchema = z.tuple([z.custom<JsonSchema>(), z.record(z.string(), z.custom<JsonSchema>())]);

/** References within one schema become references to the components of the description. */
const rewritten = (schemas: unknown) =>
  pairSchema.parse(
    JSON.parse(JSON.stringify(schemas).replaceAll('"#/$defs/', '"#/components/schemas/')),
  );
