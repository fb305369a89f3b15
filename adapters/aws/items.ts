import type * as z from 'zod';

/** A table item as the document client reads and writes it. */
export type Item = Record<string, unknown>;

/** `taskId` → `task_id`, but for the attributes that kept the SAS connector's spelling. */
const attributeOf = (field: string): string =>
  field === 'generatedTimestamp'
    ? field
    : field.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);

/** A record as an item: top-level fields in snake case, what is not set left out, nested values as they are. */
export const toItem = (record: object): Item =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [attributeOf(field), value]),
  );

/** Reads an item back through the record's schema; attributes that are not in it are left aside. */
export function fromItem<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  item: Item,
): z.infer<z.ZodObject<Shape>> {
  return schema.parse(
    Object.fromEntries(
      Object.keys(schema.shape)
        .filter((field) => attributeOf(field) in item)
        .map((field) => [field, item[attributeOf(field)]]),
    ),
  );
}
