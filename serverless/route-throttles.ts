type Throttle = { readonly rate: number; readonly burst: number };
type Resource = {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
};

/** What the plugin uses of the framework. */
type Serverless = {
  readonly service: {
    readonly functions: Readonly<
      Record<string, { readonly events?: readonly { readonly httpApi?: unknown }[] }>
    >;
    readonly custom: { readonly routeThrottles: Readonly<Record<string, Throttle>> };
    readonly provider: {
      readonly compiledCloudFormationTemplate: {
        readonly Resources: Readonly<Record<string, Resource>>;
      };
    };
  };
};

const STAGE = 'HttpApiStage';

/**
 * Gives the routes of each function in `custom.routeThrottles` a throttle of their own. The routes of
 * CI360 keep the stage's default, so that no other route can use up what CI360 is admitted.
 */
export default class RouteThrottles {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor({ service }: Serverless) {
    this.hooks = {
      'before:package:finalize': () => {
        const { Resources } = service.provider.compiledCloudFormationTemplate;
        const stage = Resources[STAGE];
        if (!stage?.Properties) throw new Error(`The template has no ${STAGE}.`);
        const throttles = throttlesByRoute(service);
        const ids = [...throttles.keys()].map((routeKey) => routeId(Resources, routeKey));
        stage.Properties.RouteSettings = Object.fromEntries(
          [...throttles].map(([routeKey, { rate, burst }]) => [
            routeKey,
            { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
          ]),
        );
        // API Gateway refuses settings of a route that does not exist yet.
        stage.DependsOn = [...[stage.DependsOn ?? []].flat(), ...ids];
      },
    };
  }
}

function throttlesByRoute({ functions, custom }: Serverless['service']): Map<string, Throttle> {
  const routes = Object.entries(custom.routeThrottles).flatMap(([name, throttle]) => {
    const events = functions[name]?.events ?? [];
    const keys = events.map(({ httpApi }) => httpApi).filter((key) => typeof key === 'string');
    if (keys.length === 0) throw new Error(`routeThrottles: ${name} is no function with routes.`);
    return keys.map((key) => [key, throttle] as const);
  });
  return new Map(routes);
}

function routeId(resources: Readonly<Record<string, Resource>>, routeKey: string): string {
  const [id] =
    Object.entries(resources).find(
      ([, { Type, Properties }]) =>
        Type === 'AWS::ApiGatewayV2::Route' && Properties?.RouteKey === routeKey,
    ) ?? [];
  if (id === undefined) throw new Error(`The template has no route ${routeKey}.`);
  return id;
}
