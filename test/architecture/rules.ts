import type { Source } from './sources.ts';

type Rule = {
  /** Who it is for. */
  readonly on: RegExp;
  /** Files of ours and packages that may be imported; anything when left out. */
  readonly mayImport?: readonly RegExp[];
  readonly mayNotImport?: readonly RegExp[];
  /** Of which it may use the types alone. */
  readonly mayNotLoad?: readonly RegExp[];
  readonly mayNotUse?: readonly RegExp[];
};

const environment = /\bprocess\.env\b/;
const terminal = /\bconsole\.\w+\(/;
const sdk = /^(@aws-sdk|@smithy|twilio)(\/|$)/;

/** Each rule holds for every file that its `on` matches. */
const rules: readonly Rule[] = [
  {
    // Clock, ids and chance are arguments, so that a rule can be tried at any moment, twice. The
    // packages are pure: shapes, numbers, characters, and how many promises at once.
    on: /^domain\//,
    mayImport: [/^domain\//, /^zod$/, /^libphonenumber-js\/min$/, /^p-map$/, /^grapheme-splitter$/],
    mayNotUse: [
      environment,
      terminal,
      /\bDate\.now\b/,
      /\bnew Date\(\)/,
      /\bperformance\./,
      /\bMath\.random\b/,
      /\brandomUUID\b/,
      /\bset(Timeout|Interval|Immediate)\(/,
      /(?<![.\w])fetch\(/,
    ],
  },
  {
    on: /^adapters\//,
    mayNotImport: [/^(handlers|openapi|local|cli|bench|test)\//],
    mayNotUse: [environment, terminal],
  },
  {
    // The composition root: an SDK is used through its adapter only.
    on: /^handlers\//,
    mayNotImport: [sdk, /^(openapi|local|cli|bench|test)\//],
    mayNotUse: [terminal],
  },
  {
    // A function asks for its settings; only the shared configuration reads the environment.
    on: /^handlers\/[^/]+$/,
    mayNotUse: [environment],
  },
  {
    // Providers and adapters are islands: neither imports the other.
    on: /^adapters\//,
    mayNotImport: [/^providers\//],
  },
  {
    on: /^providers\//,
    mayNotImport: [/^(adapters|handlers|local|cli|bench|test)\//],
    mayNotUse: [environment, terminal],
  },
  {
    // What a browser runs: it knows the answers of the service by their types, and keeps nothing.
    on: /^console\/(?!build\.ts$)/,
    mayImport: [
      /^console\//,
      /^domain\/operator\/answers\//,
      /^preact(\/hooks)?$/,
      /^@preact\/signals$/,
    ],
    mayNotLoad: [/^domain\//],
    mayNotUse: [
      environment,
      terminal,
      /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|srcdoc|eval)\b/,
      /\b(localStorage|sessionStorage|indexedDB|document\.cookie)\b/,
    ],
  },
  {
    // The page is served as it was built; nothing else of it is anybody's.
    on: /^(domain|providers|adapters|handlers|openapi|local|cli|bench)\//,
    mayNotImport: [/^console\/(?!build\.ts$|dist\/)/],
  },
  { on: /^(cli|bench)\//, mayNotImport: [/^test\//] },
  { on: /^cli\//, mayNotImport: [/^local\//] },
  {
    // What is deployed: the whole of these packages would be loaded at every cold start.
    on: /^(domain|providers|adapters|handlers)\//,
    mayNotImport: [/^twilio$/, /^libphonenumber-js(?!\/min$)/, /^zod\//, /^aws-sdk$/],
    mayNotUse: [/import\s*\{[^}]*\bz\b[^}]*\}\s*from\s*"zod"/],
  },
];

/**
 * The slices of the domain. A slice imports only slices before it; files at the root import none, except
 * `provider.ts`, the sum of what the slices need of a provider, which no slice imports.
 */
const slices = [
  'tenant',
  'access',
  'outbound',
  'content',
  'senders',
  'opt-outs',
  'delivery',
  'failed-requests',
  'feedback',
  'campaigns',
  'replay',
  'people',
  'operator',
  'agents',
  'provider.ts',
];

const sliceOf = (path: string): string | undefined =>
  /^domain\/(provider\.ts$|[^/]+(?=\/))/.exec(path)?.[1];

/** The imports that go up from a slice to a later one, or from the domain's root into a slice. */
function upward({ path, imports }: Source): string[] {
  if (!path.startsWith('domain/')) return [];
  const own = sliceOf(path);
  if (own !== undefined && !slices.includes(own)) return [`${path} is in no known slice`];
  return imports.flatMap((name) => {
    const other = sliceOf(name);
    if (other === undefined || other === own) return [];
    const isUp = own === undefined || slices.indexOf(other) > slices.indexOf(own);
    return isUp ? [`${path} imports ${name}, which is in a later slice`] : [];
  });
}

/** What a file does against the rules, a sentence each. */
export function violations(source: Source): string[] {
  const found: string[] = upward(source);
  for (const { on, mayImport, mayNotImport = [], mayNotLoad = [], mayNotUse = [] } of rules) {
    if (!on.test(source.path)) continue;
    for (const name of source.imports) {
      const allowed = mayImport === undefined || mayImport.some((form) => form.test(name));
      if (!allowed || mayNotImport.some((form) => form.test(name))) {
        found.push(`${source.path} imports ${name}`);
      }
    }
    for (const name of source.runtimeImports) {
      if (mayNotLoad.some((form) => form.test(name))) found.push(`${source.path} loads ${name}`);
    }
    for (const form of mayNotUse) {
      const use = form.exec(source.code);
      if (use !== null) found.push(`${source.path} uses ${use[0]}`);
    }
  }
  return [...new Set(found)];
}

/** Tests that are switched off, or that switch the others off. */
export const switchedOff = (code: string): boolean =>
  /\b(it|test|describe|suite|bench)(\.\w+)*\.(only|skip|todo|fails|skipIf|runIf)(\.\w+)*\s*[(`]/.test(
    code,
  ) || /\b[xf](it|describe)\s*\(/.test(code);

/** The first circle of imports, as the files on it, or none. Types may go round in one: they are not there when it runs. */
export function circle(sources: readonly Source[]): readonly string[] | undefined {
  const importsOf = new Map(sources.map(({ path, runtimeImports }) => [path, runtimeImports]));
  const finished = new Set<string>();
  const visit = (path: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (finished.has(path)) return undefined;
    for (const next of importsOf.get(path) ?? []) {
      const found = visit(next, [...way, path]);
      if (found !== undefined) return found;
    }
    finished.add(path);
    return undefined;
  };
  for (const { path } of sources) {
    const found = visit(path, []);
    if (found !== undefined) return found;
  }
  return undefined;
}
