import type { InvokeAnswer } from '../emulators/step-functions/execution.ts';
import type { FunctionResource } from '../template/resources.ts';
import { type FunctionHost, hostFunction, InvocationFailed } from './function-host.ts';

/** Every function of the service, found by key, name or ARN. */
export type Functions = {
  /** Gives the functions their settings and endpoints. What was invoked before waits for it. */
  readonly start: (environment: Readonly<Record<string, string>>) => void;
  /** Answers with what the handler returned. Throws InvocationFailed. */
  readonly invoke: (id: string, event: unknown) => Promise<unknown>;
  /** The same as Lambda's Invoke reports it. */
  readonly lambdaInvoke: (id: string, event: unknown) => Promise<InvokeAnswer>;
  readonly kill: (id: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export function hostFunctions(
  resources: readonly FunctionResource[],
  options: {
    readonly serviceDir: string;
    readonly logsDir: string;
    readonly preload?: URL | undefined;
  },
): Functions {
  const environment = Promise.withResolvers<Readonly<Record<string, string>>>();
  const hosts = resources.map((resource) => ({
    ids: [resource.key, resource.name, resource.arn],
    host: hostFunction(resource, { ...options, environment: environment.promise }),
  }));
  const find = (id: string): FunctionHost => {
    const found = hosts.find(({ ids }) => ids.includes(id));
    if (!found) throw new Error(`There is no function ${id}.`);
    return found.host;
  };
  const invoke = async (id: string, event: unknown) => find(id).invoke(event);
  return {
    start: environment.resolve,
    invoke,
    lambdaInvoke: async (id, event) => {
      try {
        return { payload: await invoke(id, event) };
      } catch (error) {
        if (!(error instanceof InvocationFailed)) throw error;
        return { error: { errorType: error.errorType, errorMessage: error.message } };
      }
    },
    kill: async (id) => find(id).kill(),
    close: async () => {
      await Promise.all(hosts.map(({ host }) => host.close()));
    },
  };
}
