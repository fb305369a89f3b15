import * as z from 'zod';

/** An attribute's value in DynamoDB's own JSON. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly M: Readonly<Record<string, Attribute>> }
  | { readonly L: readonly Attribute[] };

export type StoredItem = Readonly<Record<string, Attribute>>;

const attributeSchema: z.ZodType<Attribute> = z.lazy(() =>
  z.union([
    z.object({ S: z.string() }),
    z.object({ N: z.string() }),
    z.object({ BOOL: z.boolean() }),
    z.object({ NULL: z.boolean() }),
    z.object({ M: z.record(z.string(), attributeSchema) }),
    z.object({ L: z.array(attributeSchema) }),
  ]),
);

/** The kinds of value that the service stores; sets and binary values are not among them. */
export const itemSchema: z.ZodType<StoredItem> = z.record(z.string(), attributeSchema);

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Two significant digits a byte, and one byte more. */
const numberBytes = (text: string): number => {
  const digits = text.replace(/[-+.]|e.*$/gi, '').replace(/^0+|0+$/g, '');
  return Math.min(21, Math.ceil(digits.length / 2) + 1);
};

function valueBytes(value: Attribute): number {
  if ('S' in value) return bytes(value.S);
  if ('N' in value) return numberBytes(value.N);
  if ('BOOL' in value || 'NULL' in value) return 1;
  const elements =
    'L' in value
      ? value.L.map(valueBytes)
      : Object.entries(value.M).map(([name, each]) => bytes(name) + valueBytes(each));
  return elements.reduce((sum, each) => sum + each + 1, 3);
}

/** What DynamoDB adds to each item that it keeps, and to each entry of an index. */
export const STORED_OVERHEAD = 100;

/**
 * An item's size as DynamoDB bills it: names and values of its attributes.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: StoredItem): number =>
  Object.entries(item).reduce((sum, [name, value]) => sum + bytes(name) + valueBytes(value), 0);
