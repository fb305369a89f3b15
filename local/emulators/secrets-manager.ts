import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import type { Emulator } from './emulator.ts';
import { closeServer, listen } from './listen.ts';

/** Where secrets come from, asked again for each request so that a changed file takes effect. */
export type SecretSource = {
  readonly names: () => Promise<string[]>;
  /** The secret's string, or undefined when there is none of that name. */
  readonly get: (name: string) => Promise<string | undefined>;
};

export type SecretsManager = Emulator & {
  /** Replaces one secret from now on, as an operator's rotation does. `undefined` deletes it. */
  readonly put: (name: string, value: string | undefined) => void;
};

const arnOf = (name: string) => `arn:aws:secretsmanager:us-east-1:000000000000:secret:${name}`;

/** The part of Secrets Manager's JSON protocol that readers of secrets and rotation scripts use. */
export async function startSecretsManager(source: SecretSource): Promise<SecretsManager> {
  const replaced = new Map<string, string | undefined>();

  const find = async (id: string) => {
    const name = id.startsWith(arnOf('')) ? id.slice(arnOf('').length) : id;
    const value = replaced.has(name) ? replaced.get(name) : await source.get(name);
    return { name, value };
  };

  const actions: Record<string, (input: z.infer<typeof inputSchema>) => Promise<Answer>> = {
    GetSecretValue: async ({ SecretId }) => {
      const { name, value } = await find(SecretId);
      return value === undefined ? notFound : ok({ ...described(name), SecretString: value });
    },
    DescribeSecret: async ({ SecretId }) => {
      const { name, value } = await find(SecretId);
      return value === undefined ? notFound : ok(described(name));
    },
    ListSecrets: async () => {
      const names = new Set([...(await source.names()), ...replaced.keys()]);
      return ok({ SecretList: [...names].map(described) });
    },
    CreateSecret: async ({ Name, SecretString }) => {
      replaced.set(Name, SecretString);
      return ok(described(Name));
    },
    PutSecretValue: async ({ SecretId, SecretString }) => {
      const { name, value } = await find(SecretId);
      if (value === undefined) return notFound;
      replaced.set(name, SecretString);
      return ok(described(name));
    },
  };

  const server = createServer(async (request, response) => {
    const action = String(request.headers['x-amz-target'] ?? '').replace('secretsmanager.', '');
    const run = actions[action];
    const input = inputSchema.safeParse(parseJson(await text(request)));
    const answer = !run
      ? failure('UnknownOperationException', `${action} is not emulated.`)
      : !input.success
        ? failure('InvalidRequestException', 'The request is not a JSON object.')
        : await run(input.data).catch((error: unknown) =>
            failure('InternalServiceError', error instanceof Error ? error.message : 'unknown'),
          );
    response
      .writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' })
      .end(JSON.stringify(answer.body));
  });
  const url = await listen(server, 0);
  return {
    url,
    put: (name, value) => replaced.set(name, value),
    close: () => closeServer(server),
  };
}

const inputSchema = z.object({
  SecretId: z.string().default(''),
  Name: z.string().default(''),
  SecretString: z.string().default(''),
});

type Answer = { readonly status: number; readonly body: unknown };

const ok = (body: unknown): Answer => ({ status: 200, body });
const failure = (type: string, Message: string): Answer => ({
  status: type === 'InternalServiceError' ? 500 : 400,
  body: { __type: type, Message },
});
const notFound = failure(
  'ResourceNotFoundException',
  "Secrets Manager can't find the specified secret.",
);

const described = (Name: string) => ({
  ARN: arnOf(Name),
  Name,
  VersionId: 'local',
  VersionStages: ['AWSCURRENT'],
});

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}
