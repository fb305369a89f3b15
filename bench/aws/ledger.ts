/** One call to AWS, as it went by. */
export type AwsCall = {
  readonly service: 'sqs' | 'dynamodb' | 'secretsmanager';
  /** As AWS names it: `PutItem`, `SendMessage`, … */
  readonly operation: string;
  /** The queue's, table's or secret's name. */
  readonly resource: string;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Bytes of the item as it stood after a write; 0 for other calls. */
  readonly itemBytes: number;
  /** Bytes that the indexes keep of that item. */
  readonly indexBytes: number;
  readonly succeeded: boolean;
};

/** Calls in the order in which they were answered. */
export class Ledger {
  #calls: AwsCall[] = [];

  add(call: AwsCall): void {
    this.#calls.push(call);
  }

  /** Everything since the last time, and forgets it. */
  take(): readonly AwsCall[] {
    const taken = this.#calls;
    this.#calls = [];
    return taken;
  }
}

const writes = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

/** What calls come to, for each of `messages` messages. */
export function summarise(calls: readonly AwsCall[], messages: number) {
  const per = (fits: (call: AwsCall) => boolean, of: (call: AwsCall) => number = () => 1) =>
    calls.filter(fits).reduce((sum, call) => sum + of(call), 0) / messages;
  const isTable = (call: AwsCall) => call.service === 'dynamodb';
  const isWrite = (call: AwsCall) => isTable(call) && writes.has(call.operation);
  return {
    calls: per(() => true),
    queue: per((call) => call.service === 'sqs'),
    writes: per(isWrite),
    writeUnits: per(isTable, (call) => call.writeUnits),
    reads: per((call) => isTable(call) && !isWrite(call)),
    readUnits: per(isTable, (call) => call.readUnits),
    secrets: per((call) => call.service === 'secretsmanager'),
  };
}
export type Summary = ReturnType<typeof summarise>;
