import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import * as z from 'zod';
import { ProtocolError, stepFunctionsApi } from './step-functions/api.ts';
import type { Invoke, Waits } from './step-functions/execution.ts';
import { fileJournal, noJournal } from './step-functions/journal.ts';
import type { Machine } from './step-functions/machine.ts';

export type StepFunctions = {
  /** For `AWS_ENDPOINT_URL_SFN`. */
  readonly url: string;
  /** Resolves when the execution has ended. */
  readonly over: (executionArn: string) => Promise<void>;
  /** Ends the endpoint; with a data directory, running executions go on at the next start. */
  readonly close: () => Promise<void>;
};

/**
 * Step Functions' JSON protocol on 127.0.0.1, running real ASL files with `invoke` for their functions.
 * With `dataDir`, executions survive the process: each goes on with the state that it entered last,
 * which may so run twice, as a task on AWS may.
 */
export async function startStepFunctions(options: {
  readonly machines: readonly Machine[];
  readonly invoke: Invoke;
  /** Default: any free port. */
  readonly port?: number;
  readonly dataDir?: string | undefined;
  /** Shorter waits and retries by state name, ms; for tests. */
  readonly waits?: Waits;
}): Promise<StepFunctions> {
  const api = stepFunctionsApi({
    machines: options.machines,
    invoke: options.invoke,
    journal:
      options.dataDir === undefined ? noJournal : fileJournal(join(options.dataDir, 'executions')),
    now: Date.now,
    newId: randomUUID,
    waits: options.waits,
  });

  const answer = (target: string, body: string): { status: number; body: object } => {
    try {
      const operation = api.operations[target.replace('AWSStepFunctions.', '')];
      if (operation === undefined) {
        throw new ProtocolError('UnknownOperationException', `${target} is not emulated`);
      }
      return { status: 200, body: operation(JSON.parse(body || '{}')) };
    } catch (error) {
      if (error instanceof ProtocolError) {
        return { status: 400, body: { __type: error.type, message: error.message } };
      }
      if (error instanceof z.ZodError || error instanceof SyntaxError) {
        return { status: 400, body: { __type: 'ValidationException', message: error.message } };
      }
      const message = error instanceof Error ? error.message : 'unknown';
      return { status: 500, body: { __type: 'InternalFailure', message } };
    }
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const target = request.headers['x-amz-target'];
      const { status, body } = answer(
        typeof target === 'string' ? target : '',
        Buffer.concat(chunks).toString('utf8'),
      );
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    over: api.over,
    close: async () => {
      api.suspend();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
