/** The values of metrics in one period, by id; a metric without a datapoint is left out. */
type Datapoints = Readonly<Record<string, number>>;
/** Undefined where CloudWatch has no datapoint. */
type Value = number | undefined;

const token = /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|[()+\-*/,]|>=|>|==)/y;

/** The part of CloudWatch's metric math that the alarms use: arithmetic, comparisons, IF and FILL. */
export function evaluateMath(expression: string, datapoints: Datapoints): Value {
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(expression); match; match = token.exec(expression)) {
    tokens.push(match[1] ?? '');
  }
  if (tokens.join('') !== expression.replace(/\s/g, '')) {
    throw new Error(`Not understood: ${expression}`);
  }
  const take = (wanted: string) => {
    const next = tokens.shift();
    if (next !== wanted) throw new Error(`${wanted} expected, not ${next}: ${expression}`);
  };
  const both = (a: Value, b: Value, of: (a: number, b: number) => number): Value =>
    a === undefined || b === undefined ? undefined : of(a, b);

  function atom(): Value {
    const next = tokens.shift() ?? '';
    if (next === '(') {
      const value = comparison();
      take(')');
      return value;
    }
    if (next === 'FILL' || next === 'IF') return call(next);
    return /^\d/.test(next) ? Number(next) : datapoints[next];
  }
  function call(name: 'FILL' | 'IF'): Value {
    take('(');
    const given = [comparison()];
    while (tokens[0] === ',') {
      take(',');
      given.push(comparison());
    }
    take(')');
    const [first, second, third] = given;
    if (name === 'FILL') return first ?? second;
    return first === undefined ? undefined : first === 0 ? third : second;
  }
  function product(): Value {
    let value = atom();
    while (tokens[0] === '*' || tokens[0] === '/') {
      const divides = tokens.shift() === '/';
      // Dividing by zero gives no datapoint.
      value = both(value, atom(), (a, b) => (divides ? a / b : a * b));
      if (value !== undefined && !Number.isFinite(value)) value = undefined;
    }
    return value;
  }
  function sum(): Value {
    let value = product();
    while (tokens[0] === '+' || tokens[0] === '-') {
      const sign = tokens.shift() === '-' ? -1 : 1;
      value = both(value, product(), (a, b) => a + sign * b);
    }
    return value;
  }
  function comparison(): Value {
    const left = sum();
    const operator = tokens[0];
    if (operator !== '>' && operator !== '>=' && operator !== '==') return left;
    tokens.shift();
    const holds = { '>': (a: number, b: number) => a > b, '>=': (a: number, b: number) => a >= b };
    return both(left, sum(), (a, b) => Number(operator === '==' ? a === b : holds[operator](a, b)));
  }
  const value = comparison();
  if (tokens.length > 0) throw new Error(`${tokens.join(' ')} left over: ${expression}`);
  return value;
}

export type AlarmRule = {
  readonly TreatMissingData: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Threshold: number;
};

/**
 * The state of an alarm after each period, as CloudWatch finds it (GreaterThanThreshold). `ignore` keeps the
 * state where no datapoint of the latest periods is there; `notBreaching` takes a missing one permanently.
 */
export function statesOf(rule: AlarmRule, values: readonly Value[]): ('OK' | 'ALARM')[] {
  let state: 'OK' | 'ALARM' = 'OK';
  return values.map((_value, at) => {
    const latest = values.slice(Math.max(0, at - rule.EvaluationPeriods + 1), at + 1);
    const keeps = rule.TreatMissingData === 'ignore' && latest.every((each) => each === undefined);
    if (!keeps) {
      const breaching = latest.filter((each) => each !== undefined && each > rule.Threshold);
      state = breaching.length >= rule.DatapointsToAlarm ? 'ALARM' : 'OK';
    }
    return state;
  });
}
