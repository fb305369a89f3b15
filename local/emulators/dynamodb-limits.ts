import db, { type DynaliteTable, type Validation } from 'dynalite/db/index.js';
import { itemBytes } from './item-size.ts';

/**
 * What DynamoDB refuses and dynalite 4.0.0 accepts. dynalite counts UTF-16 units where DynamoDB counts
 * bytes of UTF-8, so it takes an item or a key of up to three times the limit, and it does not look at
 * the values of index keys beyond their type. Its actions call these functions through the module, so
 * replacing them there covers puts, updates, batches, reads and queries. Error names and messages are
 * DynamoDB's own, its missing space included.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const MAX_KEY_BYTES = { HASH: 2048, RANGE: 1024 } as const;

const refused = 'One or more parameter values were invalid: ';
const tooLong = {
  HASH: `${refused}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  RANGE: `${refused}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
} as const;

type KeyValue = Parameters<typeof db.validateKey>[0][string] | undefined;

/** Bytes of a text or binary key; undefined for a number, which always fits, and for no value. */
function keyBytes(value: KeyValue): number | undefined {
  if (value === undefined) return undefined;
  if ('S' in value) return Buffer.byteLength(value.S, 'utf8');
  return 'B' in value ? Buffer.byteLength(value.B, 'base64') : undefined;
}

type Item = Parameters<typeof db.validateItem>[0];

function checkKey(item: Item, table: DynaliteTable): Validation {
  for (const { AttributeName, KeyType } of table.KeySchema) {
    const size = keyBytes(item[AttributeName]) ?? 0;
    if (size > MAX_KEY_BYTES[KeyType]) return db.validationError(tooLong[KeyType]);
  }
  return undefined;
}

function checkIndexKeys(item: Item, table: DynaliteTable): Validation {
  for (const { IndexName, KeySchema } of table.GlobalSecondaryIndexes ?? []) {
    for (const { AttributeName, KeyType } of KeySchema) {
      const size = keyBytes(item[AttributeName]);
      if (size === 0) {
        return db.validationError(
          'One or more parameter values are not valid. A value specified for a secondary index key is ' +
            'not supported. The AttributeValue for a key attribute cannot contain an empty string ' +
            `value. IndexName: ${IndexName}, IndexKey: ${AttributeName}`,
        );
      }
      const max = MAX_KEY_BYTES[KeyType];
      if (size !== undefined && size > max) {
        return db.validationError(
          `${refused}Size limit exceeded for Index Key ${AttributeName} Actual Size: ${size} bytes ` +
            `Max Size: ${max} bytes IndexName: ${IndexName}`,
        );
      }
    }
  }
  return undefined;
}

let isApplied = false;

/** Makes every dynalite of this process as strict as DynamoDB about sizes and empty index keys. */
export function applyLimits(): void {
  if (isApplied) return;
  isApplied = true;
  const { validateItem, validateKey, queryTable, updateIndexes } = db;

  db.itemSize = itemBytes;
  db.validateItem = (item, table) =>
    validateItem(item, table) ?? checkKey(item, table) ?? checkIndexKeys(item, table);
  db.validateKey = (key, table, keySchema) =>
    validateKey(key, table, keySchema) ??
    checkKey(key, { ...table, KeySchema: keySchema ?? table.KeySchema });
  db.queryTable = (store, table, query, ...rest) => {
    const index = table.GlobalSecondaryIndexes?.find((each) => each.IndexName === query.IndexName);
    // A scan comes this way too, without conditions.
    const values = Object.entries(query.KeyConditions ?? {}).flatMap(
      ([name, { AttributeValueList }]) => AttributeValueList.map((value) => ({ [name]: value })),
    );
    const schema = { KeySchema: (index ?? table).KeySchema };
    const invalid = values.map((key) => checkKey(key, schema)).find(Boolean);
    const done = rest.at(-1);
    if (invalid && typeof done === 'function') done(invalid);
    else queryTable(store, table, query, ...rest);
  };
  // What an update makes of an item is known only here.
  db.updateIndexes = (store, table, before, item, done) => {
    const invalid = item && checkIndexKeys(item, table);
    if (invalid) done(invalid);
    else updateIndexes(store, table, before, item, done);
  };
}
