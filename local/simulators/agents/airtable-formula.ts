export type AirtableRow = {
  readonly id: string;
  readonly createdTime: string;
  fields: Record<string, unknown>;
  /** ms since 1970 */
  modified: number;
};
export type Predicate = (row: AirtableRow) => boolean;

type Token = { readonly kind: 'text' | 'field' | 'word' | 'sign'; readonly value: string };

/** Takes a formula apart; undefined where it is not one. */
function tokens(formula: string): Token[] | undefined {
  const found: Token[] = [];
  const pattern = /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\{([^}]*)\}|([A-Z_]+)|([(),=]))/gy;
  while (pattern.lastIndex < formula.trimEnd().length) {
    const match = pattern.exec(formula);
    if (!match) return undefined;
    const [, single, double, field, word, sign] = match;
    const text = single ?? double;
    if (text !== undefined) found.push({ kind: 'text', value: text.replace(/\\(.)/gs, '$1') });
    else if (field !== undefined) found.push({ kind: 'field', value: field });
    else if (word !== undefined) found.push({ kind: 'word', value: word });
    else found.push({ kind: 'sign', value: sign ?? '' });
  }
  return found;
}

/**
 * Reads the formulas that are used: `{field} = 'text'`, `AND(…)`, `OR(…)`,
 * `IS_AFTER(LAST_MODIFIED_TIME(), 'time')`. Undefined is Airtable's INVALID_FILTER_BY_FORMULA.
 */
export function readFormula(formula: string): Predicate | undefined {
  const rest = tokens(formula);
  if (rest === undefined) return undefined;
  const take = (kind: Token['kind'], value?: string): Token | undefined => {
    const next = rest[0];
    if (next?.kind !== kind || (value !== undefined && next.value !== value)) return undefined;
    return rest.shift();
  };
  const list = (): Predicate[] | undefined => {
    const all: Predicate[] = [];
    if (!take('sign', '(')) return undefined;
    for (;;) {
      const one = expression();
      if (!one) return undefined;
      all.push(one);
      if (take('sign', ')')) return all;
      if (!take('sign', ',')) return undefined;
    }
  };
  const isAfter = (): Predicate | undefined => {
    const head = ['(', 'LAST_MODIFIED_TIME', '(', ')', ','];
    for (const value of head)
      if (!take(/\w/.test(value) ? 'word' : 'sign', value)) return undefined;
    const time = Date.parse(take('text')?.value ?? '');
    return take('sign', ')') && !Number.isNaN(time) ? (row) => row.modified > time : undefined;
  };
  const expression = (): Predicate | undefined => {
    const field = take('field')?.value;
    if (field !== undefined) {
      const text = take('sign', '=') && take('text')?.value;
      return text === undefined ? undefined : (row) => String(row.fields[field] ?? '') === text;
    }
    const word = take('word')?.value;
    if (word === 'IS_AFTER') return isAfter();
    const parts = word === 'AND' || word === 'OR' ? list() : undefined;
    return (
      parts && ((row) => (word === 'AND' ? parts.every((p) => p(row)) : parts.some((p) => p(row))))
    );
  };
  const read = expression();
  return rest.length === 0 ? read : undefined;
}
