import * as z from 'zod';
import { buildConsole } from '../console/build.ts';
import { functionSettings, longSettings } from '../handlers/runtime/function-settings.ts';
import { asText, givenText } from '../handlers/runtime/read-setting.ts';
import { problemsWith } from './check-settings.ts';
import { roleName } from './names.ts';

type FunctionDefinition = {
  environment?: Readonly<Record<string, unknown>>;
  iamRoleStatementsName?: string;
  reservedConcurrency?: number;
};

/** What the plugin uses of the framework. */
type Serverless = {
  readonly configurationInput: unknown;
  readonly processedInput: { readonly options: { readonly param?: readonly string[] } };
  readonly service: {
    readonly service: string;
    readonly functions: Readonly<Record<string, FunctionDefinition>>;
    readonly custom: {
      /** Names and addresses of what the deployment creates. */
      readonly resourceSettings: Readonly<Record<string, unknown>>;
      readonly esbuild: { banner?: { readonly js: string } };
    };
  };
  readonly getProvider: (name: 'aws') => {
    readonly getStage: () => string;
    readonly getRegion: () => string;
  };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
};
type Values = Readonly<Record<string, unknown>>;

const inputSchema = z.object({ params: z.record(z.string(), z.record(z.string(), z.unknown())) });

/** The settings of a stage, the strongest first: `--param`, the stage's own, the defaults. */
function settingsOf({ configurationInput, processedInput }: Serverless, stage: string): Values {
  const { params } = inputSchema.parse(configurationInput);
  const given = (processedInput.options.param ?? []).map((text) => {
    const [key = '', ...value] = text.split('=');
    return [key, value.join('=')] as const;
  });
  return { ...params.default, ...params[stage], ...Object.fromEntries(given) };
}

/** A map may be written as one in a settings file. */
const textOf = (value: unknown) =>
  givenText(typeof value === 'object' && value !== null ? JSON.stringify(value) : value);

const textsOf = (values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[key, text]];
    }),
  );

/**
 * Checks the settings of a stage before anything is packaged or deployed, gives each function those that
 * it reads, and its role a name that IAM takes. Builds the operator's page. Reserves concurrency for ingress where the stage asks for it.
 */
export default class Settings {
  readonly hooks: Readonly<Record<string, () => void | Promise<void>>>;
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    const check = () => this.#check();
    this.hooks = {
      initialize: () => {
        this.#distribute();
        this.#nameRoles();
        this.#reserveConcurrency();
      },
      'before:package:initialize': check,
      'before:deploy:function:initialize': check,
      // Before the functions are bundled: one of them holds the page.
      'before:package:createDeploymentArtifacts': buildConsole,
      'before:deploy:function:packageFunction': buildConsole,
    };
  }

  #settings() {
    const stage = this.#serverless.getProvider('aws').getStage();
    return { stage, given: textsOf(settingsOf(this.#serverless, stage)) };
  }

  #check(): void {
    const { stage, given } = this.#settings();
    const derived = Object.keys(this.#serverless.service.custom.resourceSettings);
    const problems = problemsWith(given, stage, derived);
    if (problems.length === 0) return;
    throw new this.#serverless.classes.Error(
      `The settings of stage "${stage}" cannot be used.\n${asText(
        problems.map((each) => `- ${each}`),
        '\n',
      )}`,
      'SETTINGS_INVALID',
    );
  }

  #nameRoles(): void {
    const { service } = this.#serverless;
    const aws = this.#serverless.getProvider('aws');
    for (const [functionName, own] of Object.entries(service.functions)) {
      own.iamRoleStatementsName = roleName({
        service: service.service,
        stage: aws.getStage(),
        functionName,
        region: aws.getRegion(),
      });
    }
  }

  #reserveConcurrency(): void {
    const { ingress } = this.#serverless.service.functions;
    const reserve = this.#settings().given.ingress_reserved_concurrency;
    if (ingress && reserve !== undefined) ingress.reservedConcurrency = Number(reserve);
  }

  #distribute(): void {
    const { stage, given } = this.#settings();
    const { custom, functions } = this.#serverless.service;
    // Nothing is bundled for the embedded stack, and its variables have no limit.
    const long = stage === 'local' ? [] : longSettings;
    const values: Values = { ...given, ...custom.resourceSettings };
    for (const [name, keys] of Object.entries(functionSettings)) {
      const own = functions[name];
      if (!own) continue;
      const read = keys.filter((key) => values[key] !== undefined && !long.includes(key));
      own.environment = {
        ...own.environment,
        ...Object.fromEntries(read.map((key) => [key, values[key]])),
      };
    }
    const compiledIn = Object.entries(given).filter(
      ([key, text]) => long.includes(key) && text !== '{}',
    );
    if (compiledIn.length === 0) return;
    const table = JSON.stringify(Object.fromEntries(compiledIn));
    custom.esbuild.banner = {
      js: `for (const [key, value] of Object.entries(${table})) process.env[key] ??= value;`,
    };
  }
}
